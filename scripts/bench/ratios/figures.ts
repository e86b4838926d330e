/** One line of the table. `most`: what was promised. */
export interface Figure {
  name: string
  value: number
  unit: string
  most?: number
}

export const kept = ({ value, most = Infinity }: Figure) => value <= most

export function ratioOf(name: string, ours: number, theirs: number, most?: number): Figure {
  return { name, value: ours / theirs, unit: '×', ...(most !== undefined && { most }) }
}

export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN
}

/** The promises first, then what every one of them comes from: CPU microseconds a request, smallest to largest. */
export function tableOf(figures: readonly Figure[], costs: ReadonlyMap<string, number[]>): string {
  return [
    '| figure | measured | promised |',
    '| --- | --- | --- |',
    ...figures.map((figure) => `| ${figure.name} | ${said(figure)} | ${promised(figure)} |`),
    '',
    '| CPU of the server, µs | median | of rounds |',
    '| --- | --- | --- |',
    ...[...costs].map(
      ([what, rounds]) =>
        `| ${what} | ${median(rounds).toFixed(0)} | ${rounds.map((one) => one.toFixed(0)).join(', ')} |`,
    ),
  ].join('\n')
}

const said = ({ value, unit }: Figure) =>
  unit === 'MB' ? `${value.toFixed(0)} MB` : `${value.toFixed(2)} ${unit}`

const promised = (figure: Figure) =>
  figure.most === undefined
    ? '–'
    : `≤ ${figure.most} ${figure.unit}${kept(figure) ? '' : ', broken'}`
