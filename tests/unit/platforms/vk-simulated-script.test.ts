import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { VkRefusal } from '../../simulators/vk/refusal.ts'
import { runScript, type Value } from '../../simulators/vk/script.ts'

describe('The simulated VKScript', () => {
  test.each<[string, Value]>([
    ['return 1 + 2 * 3 - 8 / 4;', 5],
    ['return (1 + 2) * 3 % 4;', 1],
    ['return "a" + 1 + "б";', 'a1б'],
    ['return [1] + [2, 3];', [1, 2, 3]],
    ['return 5 == "5" && 5 !== "5" && !(2 >= 3) || null;', true],
    ['var a = [1,2,3,4]; var b = a.splice(1, 2); a.push(9); return {a: a, b: b, n: a.length};', { a: [1, 4, 9], b: [2, 3], n: 3 }],
    ['var a = [3,1]; a.unshift(7); return [a.shift(), a.pop(), a, a.indexOf(3)];', [7, 1, [3], 0]],
    ['return ["1,2".split(","), "Привет".substr(1, 3), "Привет".length, parseInt("12px"), parseDouble("1.5")];', [['1', '2'], 'рив', 6, 12, 1.5]],
    ['var o = {"a": 1, b: {c: 2}}; delete o.a; o.b["c"] = 3; return o;', { b: { c: 3 } }],
    ['var i = 0; var s = []; while (i < 3) { s.push(i * i); i = i + 1; } return s;', [0, 1, 4]],
    ['var x = 4; if (x > 5) return "big"; else if (x == 4) { return "four"; } return 0;', 'four'],
    ['var l = [{"a": {"id": 1}}, {"a": {"id": 2}}, {}]; return l@.a@.id;', [1, 2, null]],
    ['var a, b = 2; return [a, b, a ? 1 : 0]; // done', [null, 2, 0]],
    ['var no = false; return [no.items, no.items@.id, null.a.b];', [null, null, null]],
    ["return 'it\\'s \\u0416 \\n';", "it's Ж \n"],
    ['if (true) {}; return {};', {}],
  ])('%s', (code, value) => {
    expect(runScript(code, refuseAll)).toEqual(value)
  }) // prettier-ignore

  test('calls go out with their parameters and come back as values', () => {
    const asked: unknown[] = []
    const api = (method: string, params: Record<string, Value>) => {
      asked.push([method, params])
      return { items: [{ id: 7 }] }
    }

    const value = runScript(
      'var r = API.market.get({"owner_id": -1, "with": [1, 2]}); return r.items@.id + [API.users.get().count];',
      api,
    )

    expect(value).toEqual([7, null])
    expect(asked).toEqual([
      ['market.get', { owner_id: -1, with: [1, 2] }],
      ['users.get', {}],
    ])
  })

  test.each([
    ['', 'empty'],
    ['return 1', 'no semicolon'],
    ['function f() { return 1; }', 'functions of one’s own'],
    ['for (;;) {}', 'for'],
    ['return "a"b";', 'a raw quote'],
    ['return "a\nb";', 'a raw end of line'],
    ['return "\\u12";', 'half an escape'],
    ['return alert(1);', 'an unknown function'],
    ['return `a`;', 'a template'],
    ['return {a: 1;', 'an open brace'],
    ['if (1) { return 1;', 'an open block'],
    ['1 = 2;', 'no place to write to'],
  ])('%j does not compile: %s', (code) => {
    expect(codeOf(code)).toBe(12)
  })

  test.each([
    ['return unknown;', 'an unknown variable'],
    ['var a = 1;', 'nothing returned'],
    ['while (true) {} return 1;', 'an endless loop'],
    ['return 1 / 0;', 'division by zero'],
    ['var a = null; a.b = 1; return a;', 'writing into nothing'],
    ['return (5).push(1);', 'an unknown function of a value'],
  ])('%j breaks while it runs: %s', (code) => {
    expect(codeOf(code)).toBe(13)
  })

  test('whatever JSON writes comes back as it was', () => {
    const any = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code))
    const unit = fc.oneof(any, fc.constantFrom('"', "'", '\\', '\n', '\u2028', '/', '*', '</'))
    const text = fc.string({ unit, maxLength: 12 })
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { maxLength: 6 }), (pairs) => {
        const json = JSON.stringify(Object.fromEntries(pairs))
        expect(JSON.stringify(runScript(`var v = ${json}; return v;`, refuseAll))).toBe(json)
      }),
      { numRuns: 100 },
    )
  })

  test('a VK that leaves out what is missing gives columns of different lengths', () => {
    const code = 'var l = [{"id": 1, "sku": "a"}, {"id": 2}]; return [l@.id, l@.sku];'

    expect(runScript(code, refuseAll, true)).toEqual([[1, 2], ['a']])
  })

  test('a name put into a script raw becomes script; the same name as JSON stays a name', () => {
    const name = 'Роза", "price": "1'
    const seen: unknown[] = []
    const api = (_: string, params: Record<string, Value>) => seen.push(params)

    runScript(`return API.market.edit({"name": "${name}"});`, api)
    runScript(`return API.market.edit({"name": ${JSON.stringify(name)}});`, api)

    expect(seen).toEqual([{ name: 'Роза', price: '1' }, { name }])
  })
})

const refuseAll = () => false

function codeOf(code: string): number {
  try {
    runScript(code, refuseAll)
  } catch (error) {
    if (error instanceof VkRefusal) return error.code
    throw error
  }
  return 0
}
