import * as z from 'zod'
import { ONCE } from '../config/platforms.ts'
import type { Platform } from './platform.ts'
import type { SettingWords } from './platform-words.ts'

/** A variable administrators may enter, by its unprefixed name. */
export interface SettingField extends Omit<SettingWords, 'options'> {
  name: string
  /** As the environment has it. */
  variable: string
  /** Its words and what they mean, where it is a choice. */
  choices?: readonly (readonly [value: string, label: string])[]
  /** What holds where nothing is entered; empty where nothing does. */
  usual: string
}

/**
 * Addresses, files and paces say where EvoSync may go and how fast: the operator's word, who has the machine. All else of
 * the platform's own list of variables can be entered.
 */
const OPERATORS = /(^|_)(URL|URI|FILE)$|^PER_SECOND$/

const USUAL: Readonly<Record<string, SettingWords>> = {
  CLIENT_ID: { label: 'ID приложения' },
  CLIENT_SECRET: { label: 'Секрет приложения', secret: true },
  SCOPES: {
    label: 'Права, которые мы просим',
    hint: 'Через пробел. Пусто: как обычно.',
    plain: true,
  },
}

/** Keys first, in the order of the platform's list, then what has a usual value. */
export function settingFields({ key, settings, labels = {} }: Platform): SettingField[] {
  if (!(settings instanceof z.ZodObject)) return []
  const usual = settings.parse({}, ONCE)
  const shape = settings.shape as Record<string, z.ZodType>
  const fields = Object.entries(shape)
    .filter(([name]) => !OPERATORS.test(name))
    .map(([name, type]) => {
      const { options = {}, ...words } = labels[name] ??
        USUAL[name] ?? { label: name, secret: true }
      const choices = wordsOf(type).map((word) => [word, options[word] ?? word] as const)
      return {
        ...words,
        name,
        variable: `${key.toUpperCase()}_${name}`,
        ...(choices.length > 0 && { choices }),
        usual: asTyped(usual[name]),
      }
    })
  return [...fields.filter(isKey), ...fields.filter((field) => !isKey(field))]
}

/** Never shown again once it is entered. */
export const isKey = ({ choices, plain }: SettingField): boolean => !choices && !plain

function wordsOf(type: z.ZodType): string[] {
  if (type instanceof z.ZodDefault || type instanceof z.ZodOptional)
    return wordsOf(type.unwrap() as z.ZodType)
  return type instanceof z.ZodEnum ? type.options.map(String) : []
}

const asTyped = (value: unknown): string =>
  Array.isArray(value) ? value.join(' ') : typeof value === 'string' ? value : ''
