import { asObject, asText } from '../../http/answer.ts'
import type { Answer } from '../../http/call.ts'
import { judge, type Rule } from '../verdicts.ts'

/** The JSON of an answer of any Google API. @throws ProviderError */
export const judgeGoogle = (answer: Answer) => judge(answer, RULES, errorName)

/** developers.google.com: global errors of the APIs, and google.rpc.ErrorInfo. What is left is as RFC 6750 has it. */
const RULES: readonly Rule[] = [
  { error: /\b(accessNotConfigured|SERVICE_DISABLED)\b/, kind: 'configuration' },
  {
    error: /\b(RESOURCE_EXHAUSTED|RATE_LIMIT_EXCEEDED|\w*(rate|quota|daily)\w*Exceeded\w*)\b/i,
    kind: 'temporary',
    code: 'rate_limited',
  },
  { error: /\b(UNAUTHENTICATED|authError)\b/, kind: 'dead' },
]

/** The new form names itself by `status` and the reasons of `details`, the classic one by those of `errors`. */
function errorName({ error }: Record<string, unknown>): string | undefined {
  const { status, errors, details } = asObject(error) ?? {}
  if (!asObject(error)) return asText(error)
  const listed = [errors, details].filter(Array.isArray).flat() as unknown[]
  const reasons = listed.map((one) => asText(asObject(one)?.reason))
  return [asText(status), ...reasons].filter(Boolean).join(' ')
}
