import { describe, expect, test } from 'vitest'
import { EVENT_WORDS, eventWords } from '../../app/web/connections/event-words.ts'
import { eventsIn, readSources, type Sources } from './house/sources.ts'

const used = eventsIn(readSources('app', 'scripts'))

test('events are found, those handed on by a function among them', () => {
  expect(used).toEqual(
    expect.arrayContaining(['connected', 'refreshed', 'refresh_failed', 'reset_link_made']),
  )
})

test('every event of the journal has words', () => {
  expect(used.filter((event) => !(event in EVENT_WORDS))).toEqual([])
})

test('there are no words for what never happens', () => {
  expect(Object.keys(EVENT_WORDS).filter((event) => !used.includes(event))).toEqual([])
})

test.each(Object.values(EVENT_WORDS))('«%s» is written as a careful person writes', (words) => {
  expect(words).toMatch(/^[А-ЯЁ][а-яё ,«»-]+(API)?$/)
})

test('an event of an earlier version keeps its name', () => {
  expect(eventWords('unheard_of')).toBe('unheard_of')
})

describe('the finder itself', () => {
  test.each([
    [`await ctx.events.add({ event: 'one', userId })`, ['one']],
    [`await events.add({\n  userId,\n  event: "one",\n})`, ['one']],
    [`const note = (event: 'one' | 'two') => ctx.events.add({ event, userId })`, ['one', 'two']],
    [`function note(event: 'one') { return ctx.events.add({ event }) }`, ['one']],
    [`ctx.later('journal_failed', () => ctx.events.add({ event: 'one' }))`, ['one']],
    [`ctx.events.add({ event: failed ? 'one' : 'two' })`, ['one', 'two']],
    [`ctx.log.info('one', { event: 'two' })`, []],
    [`other.add({ event: 'one' })`, []],
  ])('%s', (line, events) => {
    const planted: Sources = new Map([['app/flows/one.ts', line]])

    expect(eventsIn(planted)).toEqual(events)
  })

  test('an event nobody can name is no way around it', () => {
    const planted: Sources = new Map([['app/flows/one.ts', `ctx.events.add({ event: name })`]])

    expect(eventsIn(planted)).toEqual(['(computed)'])
  })
})
