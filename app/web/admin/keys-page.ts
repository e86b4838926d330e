import type { Response } from 'express'
import type { Context } from '../../context.ts'
import { openFields, type SettingFaults } from '../../flows/platforms/enter-keys.ts'
import { isKey, type SettingField } from '../../providers/setting-fields.ts'
import type { EnteredSetting } from '../../providers/built-in.ts'
import { say } from '../../texts/index.ts'
import type { findingInWords } from './finding-words.ts'
import { type FieldErrors, fieldsOf } from '../kit/forms.ts'
import { instructionParts } from '../kit/instructions.ts'

/** What the page shows beside what is entered. */
interface Shown {
  /** What was just typed and is not kept. */
  body?: unknown
  faults?: SettingFaults
  findings?: ReturnType<typeof findingInWords>[]
}

const LONGEST = 2_000

/** `GET /admin/providers/<key>` of a platform of the list: its steps and its keys. */
export async function showKeys(ctx: Context, res: Response, key: string, shown: Shown = {}) {
  const provider = ctx.providers.get(key)
  const { words, redirectUri, gate } = provider
  const entered = await ctx.platformSettings.of(key)
  const open = new Set(openFields(ctx, key).map(({ name }) => name))
  const fields = ctx.providers
    .fieldsOf(key)
    .map((field) => fieldOf(field, open.has(field.name), entered, shown, res))
  const errors = errorsOf(ctx.providers.fieldsOf(key), shown.faults ?? {})
  const failed = Object.keys(errors).length > 0
  res.render('admin/provider', {
    title: `${failed ? 'Ошибка: ' : ''}Администрирование: ${provider.title}`,
    shown: provider,
    keys: fields.filter(({ key }) => key),
    others: fields.filter(({ key }) => !key),
    variables: variablesOf(ctx, key),
    anyEntered: entered.length > 0,
    anyOpen: open.size > 0,
    connections: await ctx.connections.count(key),
    errors,
    findings: shown.findings,
    letter: gate?.letter,
    remarks: provider.remarks?.(res.locals.now) ?? [],
    setup: words.setup.map((step) => instructionParts(step, redirectUri)),
  })
}

/** All of them, the operator's too, and which are set; never what they say. */
function variablesOf({ config, providers }: Context, key: string) {
  const set = config.platforms[key] ?? {}
  const prefix = `${key.toUpperCase()}_`
  return providers
    .variablesOf(key)
    .map((name) => ({ name, set: Object.hasOwn(set, name.slice(prefix.length)) }))
}

/** The page's name of a variable. */
const fieldName = (name: string): string => name.toLowerCase()

/** What a body means: values by unprefixed name. */
export function inputOf(fields: readonly SettingField[], body: unknown): Record<string, unknown> {
  const sent = fieldsOf(body)
  return Object.fromEntries(fields.map(({ name }) => [name, sent[fieldName(name)]]))
}

function fieldOf(
  field: SettingField,
  open: boolean,
  entered: readonly EnteredSetting[],
  { body }: Shown,
  { locals: { format } }: Response,
) {
  const row = entered.find(({ name }) => name === field.name)
  const typed = fieldsOf(body)[fieldName(field.name)]
  const kept = isKey(field) ? '' : (row?.value ?? field.usual)
  const again = field.secret || typeof typed !== 'string' ? kept : typed.slice(0, LONGEST)
  return {
    ...field,
    id: fieldName(field.name),
    key: isKey(field),
    locked: !open,
    value: again,
    hint: [row && isKey(field) && `${KEPT} ${format.moment(row.enteredAt)}. ${EMPTY}`, field.hint]
      .filter(Boolean)
      .join(' '),
  }
}

const KEPT = 'Введено'
const EMPTY = 'Больше не показываем. Оставьте поле пустым, чтобы не менять.'

function errorsOf(fields: readonly SettingField[], faults: SettingFaults): FieldErrors {
  const entries = Object.entries(faults).map(([name, fault]) => {
    const { label = name } = fields.find((field) => field.name === name) ?? {}
    if (typeof fault !== 'string') return [fieldName(name), `${label}: ${fault.words}`]
    return [fieldName(name), say(fault, { label, n: String(LONGEST) }).title]
  })
  return Object.fromEntries(entries) as FieldErrors
}
