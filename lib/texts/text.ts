import { createHash } from 'node:crypto'
import { z } from 'zod'

/** An institution's own words, one file per language in `TEXTS_DIR`. All are optional; plain text, no markup. */
export const institutionTexts = z.strictObject({
  /** Who asks, as the subject of a sentence: "The University Library". */
  asker: z.string().min(1).max(200).optional(),
  /** What a connected iD does for the person, as a sentence. */
  benefit: z.string().min(1).max(600).optional(),
  /** Who will use the permissions: systems or offices. */
  recipients: z.array(z.string().min(1).max(200)).max(20).optional(),
  /** What saying no means, as a sentence. */
  refusal: z.string().min(1).max(400).optional(),
  /** What happens after connecting, as a sentence. */
  next: z.string().min(1).max(400).optional(),
  /** Why each scope is asked for. A scope whose reason is the empty string is not asked for. */
  reasons: z.record(z.string(), z.string().max(400)).optional(),
})

export type InstitutionTexts = z.infer<typeof institutionTexts>

/** A translator for the `ask` messages. */
export type AskTranslator = {
  (key: string, values?: Record<string, string>): string
  has(key: string): boolean
}

export type AskedPermission = { scope: string; title: string; explanation: string; reason: string }

/** Every sentence that is shown before the button, in order. The page renders this and nothing else. */
export type AskText = {
  heading: string
  asker: string
  aboutOrcid: string
  benefit: string
  decide: string
  permissions: AskedPermission[]
  /** Where there is more than one permission. */
  allOrNone: string | null
  recipients: string[]
  duration: string
  /** Where something may be added to the record. */
  remains: string | null
  refusal: string
  existing: string
}

export type ShownText = { hash: string; locale: string; content: AskText }

/** Message keys cannot hold the slashes of a scope: `/activities/update` is `activities-update`. */
export const scopeKey = (scope: string) => scope.replace(/^\//, '').replaceAll('/', '-')

/** The reason that is given for a scope, or null where there is none: then it is not asked for. */
export function findReason(t: AskTranslator, texts: InstitutionTexts, scope: string): string | null {
  const own = texts.reasons?.[scope]
  if (own !== undefined) return own || null
  const key = `reasons.${scopeKey(scope)}`
  return t.has(key) ? t(key) : null
}

/** Puts together what is shown before the button: the institution's words where it has some, ours elsewhere. */
export function composeAskText(
  t: AskTranslator,
  texts: InstitutionTexts,
  institution: string,
  scopes: readonly string[],
): AskText {
  const permissions = scopes.flatMap((scope) => {
    const reason = findReason(t, texts, scope)
    if (!reason) return []
    const key = scopeKey(scope)
    return [{ scope, title: t(`scopes.${key}.title`), explanation: t(`scopes.${key}.explanation`), reason }]
  })
  return {
    heading: t('heading', { institution }),
    asker: t('asker', { asker: texts.asker ?? t('defaults.asker') }),
    aboutOrcid: t('aboutOrcid'),
    benefit: texts.benefit ?? t('defaults.benefit'),
    decide: t('decide'),
    permissions,
    allOrNone: permissions.length > 1 ? t('allOrNone') : null,
    recipients: texts.recipients ?? [t('defaults.recipient', { institution })],
    duration: t('duration'),
    remains: permissions.some(({ scope }) => scope.endsWith('/update')) ? t('remains') : null,
    refusal: texts.refusal ?? t('defaults.refusal'),
    existing: t('existing'),
  }
}

/** The text with the hash under which the attempt remembers it. */
export function toShownText(locale: string, content: AskText): ShownText {
  const hash = createHash('sha256')
    .update(JSON.stringify([locale, content]))
    .digest('hex')
  return { hash, locale, content }
}
