import type { Context } from '../../context.ts'
import { oursWords, outageWords } from '../../flows/notices/outage-letters.ts'
import { OURS } from '../../flows/notices/incident-rules.ts'
import { named } from '../../texts/names.ts'
import type { PlatformName } from '../../texts/name-gaps.ts'
import { counted } from '../../texts/plural.ts'
import type { OutageNotice } from '../../store/notices.ts'
import type { User } from '../../store/users.ts'

/** What administrators read on their dashboard about platforms that are down for many. */
export interface Outage {
  id: number
  over: boolean
  /** The platform's. */
  name: string
  title: string
  text: string
}

/** Empty for everybody else. */
export async function outagesFor(ctx: Context, { id, role }: User): Promise<Outage[]> {
  if (role !== 'admin') return []
  const notices = await ctx.notices.outages(id)
  return notices.map((notice) => {
    const platform = ctx.providers.find(notice.provider) ?? { title: notice.provider }
    const { title: name } = platform
    return { id: notice.id, over: notice.over, name, ...wordsFor(notice, platform) }
  })
}

function wordsFor({ over, code, count }: OutageNotice, platform: PlatformName) {
  const concerned = counted(count, 'подключения', 'подключений', 'подключений')
  if (over) {
    const text = `Подключения владельцев снова работают. Сбой коснулся ${concerned}.`
    return { title: named('{P}: сбой закончился', platform), text }
  }
  if (OURS.includes(code)) {
    const { subject: title, why } = oursWords(platform, code)
    const text = `${why} Код: ${code}. Подключения не потеряны, проверки продолжаются.`
    return { title, text }
  }
  const text =
    'Владельцы видят это на своих страницах, подключения не потеряны, проверки продолжаются. Если другим сервис отвечает, проверьте, выходит ли сервер EvoSync в сеть.'
  return { title: `${outageWords(platform, code)}: сбой у ${concerned}`, text }
}
