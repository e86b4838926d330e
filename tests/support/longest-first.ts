import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files of a minute and more: begun last, they would be all that is left to one processor. */
const LONG = /histories|deaths|accessibility/

/** Vitest's own order is by the time of the last run; on a machine that has none, by size, which says little. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return sorted.toSorted((a, b) => Number(isLong(b)) - Number(isLong(a)))
  }
}

const isLong = ({ moduleId }: TestSpecification) => LONG.test(moduleId)
