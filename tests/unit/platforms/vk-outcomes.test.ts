import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { outcomesOf } from '../../../app/providers/vk/outcomes.ts'

const EDIT = 'market.edit'
const DELETE = 'market.delete'

const ended = fc.record({
  method: fc.constantFrom(EDIT, DELETE),
  // 0: it worked.
  error: fc.constantFrom(0, 1403, 1408, 205, 100),
})

describe('what became of the calls of a script', () => {
  test('is told for each of them, whatever failed', () => {
    fc.assert(
      fc.property(fc.array(ended, { minLength: 1, maxLength: 25 }), (calls) => {
        const outcomes = outcomesOf(calls.map(callOf), {
          response: calls.map(({ error }) => (error === 0 ? 1 : false)),
          failures: calls
            .filter(({ error }) => error !== 0)
            .map(({ method, error }) => ({ method, error_code: error, error_msg: '' })),
        })

        expect(outcomes.map((outcome) => (outcome?.done ? 0 : outcome?.refusal.detail))).toEqual(
          calls.map(({ error }) => (error === 0 ? 0 : `ошибка ${error}`)),
        )
      }),
    )
  })

  test('is left open where errors are missing, and only there', () => {
    const outcomes = outcomesOf(
      [EDIT, DELETE, EDIT].map((method) => callOf({ method })),
      {
        response: [false, false, 1],
        failures: [{ method: DELETE, error_code: 1403 }],
      },
    )

    expect(outcomes).toEqual([
      undefined,
      { done: false, refusal: expect.objectContaining({ code: 'item_gone' }) as unknown },
      { done: true, same: false },
    ])
  })

  test('is left open where one error stands for two failures', () => {
    const outcomes = outcomesOf(
      [EDIT, EDIT].map((method) => callOf({ method })),
      {
        response: [false, false],
        failures: [{ method: EDIT, error_code: 1403 }],
      },
    )

    expect(outcomes).toEqual([undefined, undefined])
  })

  test.each([undefined, null, {}, [], [1], [1, 1, 1]])(
    'is open after the answer %j',
    (response) => {
      const calls = [callOf({ method: EDIT }), callOf({ method: EDIT })]

      expect(outcomesOf(calls, { response, failures: [] })).toEqual([undefined, undefined])
    },
  )

  test('nothing to change is success', () => {
    const error_msg = 'One of the parameters specified was missing or invalid: nothing to change'
    const failures = [{ method: EDIT, error_code: 100, error_msg }]

    expect(outcomesOf([callOf({ method: EDIT })], { response: [false], failures })).toEqual([
      { done: true, same: true },
    ])
  })
})

const callOf = ({ method }: { method: string }) => ({ method, params: { item_id: 1 } })
