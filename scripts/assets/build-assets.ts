import path from 'node:path'
import { writeAssets } from '../../app/web/assets/folder.ts'
import { iconsOf } from '../../app/web/assets/icons.ts'
import { makeFiles, SOURCES } from '../../app/web/assets/make.ts'
import { platforms } from '../../app/providers/index.ts'

/** Leaves what pages ask for in `assets` of a build; gives the sources it was made of, from the root. */
export async function buildAssets(build: string): Promise<readonly string[]> {
  const known = platforms.map(({ create }) => create({}, 'http://localhost'))
  const icons = iconsOf(known)
  writeAssets(path.join(build, 'assets'), await makeFiles(icons, known), icons)
  return SOURCES
}
