/** What a price is for one of. */
export interface Unit {
  /** As it is shown: a short name that needs no stop, or what the till has when nobody knows it. */
  name: string
  /** Half a piece is none; of what is measured any part can be had; of the rest nobody knows. */
  kind: 'piece' | 'measured' | 'counted'
}

/** Letters and digits alone; one Latin letter among Cyrillic ones is a slip of the keyboard. */
export function keyOf(text: string): string {
  const key = text
    .normalize('NFKC') // м²
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')
    .replaceAll('ё', 'е')
  if (!/[а-я]/.test(key)) return key
  return key.replace(/[acekmoptxyh]/g, (letter) => LOOKS[letter] ?? letter)
}

const LOOKS: Partial<Record<string, string>> = {
  ...{ a: 'а', c: 'с', e: 'е', k: 'к', m: 'м', o: 'о', p: 'р', t: 'т', x: 'х', y: 'у', h: 'н' },
}

export const PIECE: Unit = { name: 'шт', kind: 'piece' }

/**
 * Measures of the fiscal format (ФФД 1.2, tag 2108) with the code's number and name, and what that calls «иное» with
 * ОКЕИ's short names; then how people write them.
 */
const MEASURES: readonly (readonly [name: string, kind: Unit['kind'], written: string])[] = [
  ['шт', 'piece', 'шт штк штука штуки штук штуку штучно ед единица единицы единиц pcs pc piece ea экз'], // 0
  ['г', 'measured', 'г гр грм грам грамм грамма граммы граммов g gr gram'], // 10
  ['кг', 'measured', 'кг кгр кило килограмм килограмма килограммы килограммов kg kgs kilogram'], // 11
  ['т', 'measured', 'т тн тон тонна тонны тонн t ton'], // 12
  ['см', 'measured', 'см сантиметр сантиметра сантиметры сантиметров cm'], // 20
  ['дм', 'measured', 'дм дециметр дециметра дециметров dm'], // 21
  ['м', 'measured', 'м метр метра метры метров m mtr meter metre'], // 22
  ['кв. см', 'measured', 'квсм см2 смкв cm2 квадратныйсантиметр'], // 30
  ['кв. дм', 'measured', 'квдм дм2 дмкв dm2 квадратныйдециметр'], // 31
  ['кв. м', 'measured', 'квм м2 мкв m2 sqm кв квметр метркв квадрат квадратныйметр метрквадратный квадратныхметров'], // 32
  ['мл', 'measured', 'мл миллилитр миллилитра миллилитры миллилитров ml'], // 40
  ['л', 'measured', 'л лит литр литра литры литров l lt ltr liter litre'], // 41
  ['куб. м', 'measured', 'кубм м3 мкуб m3 куб кубов кубметр кубометр кубометра кубометров кубическийметр метркубический'], // 42
  ['кВт·ч', 'measured', 'квтч квтчас киловаттчас kwh'], // 50
  ['Гкал', 'measured', 'гкал гигакалория gcal'], // 51
  ['сутки', 'measured', 'сут сутки суток день дня дней дн day'], // 70
  ['час', 'measured', 'ч час часа часы часов h hr hour'], // 71
  ['мин', 'measured', 'мин минута минуты минут минуту min'], // 72
  ['с', 'measured', 'с сек секунда секунды секунд sec'], // 73
  ['Кбайт', 'measured', 'кб кбайт килобайт kb'], // 80
  ['Мбайт', 'measured', 'мб мбайт мегабайт mb'], // 81
  ['Гбайт', 'measured', 'гб гбайт гигабайт gb'], // 82
  ['Тбайт', 'measured', 'тб тбайт терабайт tb'], // 83
  ['пог. м', 'measured', 'погм пм мп мпог погонм погметр погонныйметр метрпогонный погонныхметров мпогонный'],
  ['мм', 'measured', 'мм миллиметр миллиметра миллиметров mm'],
  ['км', 'measured', 'км километр километра километров km'],
  ['мг', 'measured', 'мг миллиграмм mg'],
  ['куб. см', 'measured', 'кубсм см3 смкуб cm3'],
  ['га', 'measured', 'га гектар гектара гектаров ha'],
  ['месяц', 'measured', 'мес месяц месяца месяцев month'],
  ['тыс. шт', 'counted', 'тысшт тысштук тшт'],
  ['пар', 'counted', 'пар пара пары пару pair'],
  ['упак', 'counted', 'уп упк упак упаковка упаковки упаковок упаковку pack pkg'],
  ['компл', 'counted', 'кт кпт ком компл комплект комплекта комплектов set'],
  ['набор', 'counted', 'наб набор набора наборов'],
  ['рул', 'counted', 'рул рулон рулона рулонов roll'],
  ['лист', 'counted', 'лист листа листов лст'],
  ['пач', 'counted', 'пач пачка пачки пачек'],
  ['бут', 'counted', 'бут бутылка бутылки бутылок'],
  ['бан', 'counted', 'бан банка банки банок'],
  ['кор', 'counted', 'кор короб коробка коробки коробок box'],
  ['ящ', 'counted', 'ящ ящик ящика ящиков'],
  ['меш', 'counted', 'меш мешок мешка мешков'],
  ['пак', 'counted', 'пак пакет пакета пакетов'],
  ['порц', 'counted', 'порц порция порции порций'],
] // prettier-ignore
export const UNITS: ReadonlyMap<string, Unit> = new Map(
  MEASURES.flatMap(([name, kind, written]) =>
    written.split(' ').map((key): [string, Unit] => [key, { name, kind }]),
  ),
)
