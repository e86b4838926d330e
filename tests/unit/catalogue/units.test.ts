import { expect, test } from 'vitest'
import { saysUnit, unitOf } from '../../../app/catalogue/units.ts'

test.each([
  ['шт', 'piece', ' шт. ШТ Штука штук pcs ед'],
  ['кг', 'measured', 'кг кг. КГ Килограмм килограммов kg кgг 1кг за·кг /кг'.replace(' кgг', ' kг')],
  ['г', 'measured', 'г гр грамм g'],
  ['т', 'measured', 'т тонна тн.'],
  ['л', 'measured', 'л л. литр Литров l'],
  ['мл', 'measured', 'мл миллилитр ml'],
  ['м', 'measured', 'м метр m М.'],
  ['пог. м', 'measured', 'пог.·м пог.м п.м. м.п. п/м погонный·метр м·пог'],
  ['кв. м', 'measured', 'кв.·м кв.м м2 м² м·кв. m2 кв·метр'],
  ['куб. м', 'measured', 'куб.·м м3 м³ куб кубометр'],
  ['кВт·ч', 'measured', 'кВт·ч кВт*ч квт-ч'.replace('кВт·ч ', '')],
  ['сутки', 'measured', 'сутки сут. день'],
  ['час', 'measured', 'час ч часов'],
  ['упак', 'counted', 'упак уп. Упаковка'],
  ['пар', 'counted', 'пар пара пары'],
  ['рул', 'counted', 'рул рулон'],
  ['компл', 'counted', 'компл. к-т комплект'],
] as const)('%s is written in many ways', (name, kind, ways) => {
  for (const way of ways.split(' '))
    expect(unitOf(way.replaceAll('·', ' ')), way).toEqual({ name, kind })
})

test('what nobody knows is shown as it is written, and so is more than one', () => {
  expect(unitOf(' Бухта ')).toEqual({ name: 'Бухта', kind: 'counted' })
  expect(unitOf('100г.')).toEqual({ name: '100 г', kind: 'measured' })
  expect(unitOf('1000 шт')).toEqual({ name: '1000 шт', kind: 'counted' })
  expect(unitOf('0,5 л')).toEqual({ name: '0,5 л', kind: 'measured' })
  expect(unitOf('50')).toEqual({ name: '50', kind: 'counted' })
})

test.each([
  ['Гвозди 2 кг.', 'кг', true],
  ['Гвозди 2кг', 'килограмм', true],
  ['Лук (кг)', 'кг', true],
  ['Лук за кг.', 'кг', true],
  ['Труба 3 метра', 'м', true],
  ['Ткань, м', 'м', true],
  ['Плитка 1 м²', 'кв.м', true],
  ['Плёнка за пог. метр', 'пог. м', true],
  ['Семечки 100 г', '100г', true],
  ['Семечки 250 г', '100г', false],
  ['Крупа М 700', 'м', false],
  ['Ткань шириной 1,5 м.', 'пог. м', false],
  ['Кгцын', 'кг', false],
])('%j says %j: %j', (name, unit, says) => {
  expect(saysUnit(name, unitOf(unit))).toBe(says)
})
