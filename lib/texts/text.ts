import { z } from 'zod'
import type { SystemRight } from '@/lib/actor'
import type { SettingValues } from '@/lib/config/settings'
import { canonicalHash } from '@/lib/crypto/canonical'
import { findAskingToPublish } from '@/lib/texts/asking-to-publish'
import { parseTextKey, reasonCharsMax, recipientsMax, sentences } from '@/lib/texts/part'
import { listRightsOf } from '@/lib/texts/system-use'

const shown = (charsMax: number) =>
  z
    .string()
    .max(charsMax)
    .refine((text) => !findAskingToPublish(text), {
      error: 'asks people to show more of their record or to publish an e-mail address, which ORCID does not allow',
    })

/** One file per language in `TEXTS_DIR`; plain text without markup. */
export const institutionTexts = z.strictObject({
  /** As the subject of a sentence: "The University Library". */
  asker: shown(sentences.asker).min(1).optional(),
  /** What a connected iD does for the person, in one sentence. */
  benefit: shown(sentences.benefit).min(1).optional(),
  /** Systems or offices that will use the permissions. */
  recipients: z.array(shown(sentences.recipients).min(1)).max(recipientsMax).optional(),
  /** What saying no means, in one sentence. */
  refusal: shown(sentences.refusal).min(1).optional(),
  /** What happens after connecting, in one sentence. */
  next: shown(sentences.next).min(1).optional(),
  /** By scope. An empty reason removes the scope from the request. */
  reasons: z.record(z.string(), shown(reasonCharsMax)).optional(),
})

export type InstitutionTexts = z.infer<typeof institutionTexts>

/** The texts in a language among the settings. */
export function pickTexts(values: SettingValues, locale: string): InstitutionTexts {
  const texts: InstitutionTexts = {}
  for (const [key, value] of Object.entries(values)) {
    const part = parseTextKey(key)
    if (part?.locale !== locale) continue
    if ('scope' in part) texts.reasons = { ...texts.reasons, [part.scope]: value }
    else if (part.sentence === 'recipients') texts.recipients = value.split('\n')
    else texts[part.sentence] = value
  }
  return texts
}

/** `first` counts, and `second` where that says nothing. */
export const mergeTexts = (first: InstitutionTexts, second: InstitutionTexts): InstitutionTexts => ({
  ...second,
  ...first,
  reasons: { ...second.reasons, ...first.reasons },
})

/** A campaign's own words: why it asks, and by scope why for this one. */
export type CampaignWords = { why: string; reasons: Record<string, string> }

/** Reasons that somebody read before, by scope, where nothing new is asked for. */
export const reasonsAsWords = (reasons: ReadonlyMap<string, string>): CampaignWords => ({
  why: '',
  reasons: Object.fromEntries(reasons),
})

export type AskTranslator = {
  (key: string, values?: Record<string, string>): string
  has(key: string): boolean
}

export type AskedPermission = {
  scope: string
  title: string
  explanation: string
  reason: string
  /** Which systems use it, and for what. */
  uses: string[]
}

/** A system by its current term. */
export type NamedSystem = {
  termId: string
  name: string
  operator: 'institution' | 'processor' | 'member'
  processorName: string | null
  purpose: string
  rights: SystemRight[]
  scopes: string[]
}

/** That a text named a system, and beside which of the scopes. */
export type ShownSystem = { termId: string; scopes: string[] }

/** All sentences above the button, in order. The page renders nothing else, so that the hash covers all of them. */
export type AskText = {
  heading: string
  asker: string
  aboutOrcid: string
  benefit: string
  decide: string
  permissions: AskedPermission[]
  /** Null for a single permission. */
  allOrNone: string | null
  recipients: string[]
  duration: string
  /** Null without a write scope. */
  remains: string | null
  refusal: string
  existing: string
}

export type ShownText = { hash: string; locale: string; content: AskText; systems: ShownSystem[] }

/** Message keys cannot hold the slashes of a scope: `/activities/update` is `activities-update`. */
export const scopeKey = (scope: string) => scope.replace(/^\//, '').replaceAll('/', '-')

/** Null if there is no reason; the scope is then not asked for. */
export function findReason(t: AskTranslator, texts: InstitutionTexts, scope: string): string | null {
  const own = texts.reasons?.[scope]
  if (own !== undefined) return own || null
  const key = `reasons.${scopeKey(scope)}`
  return t.has(key) ? t(key) : null
}

/** Prefers the campaign's words to the institution's own texts, and those to the defaults. */
export function composeAskText(
  t: AskTranslator,
  texts: InstitutionTexts,
  institution: string,
  scopes: readonly string[],
  words?: CampaignWords | null,
  systems: readonly NamedSystem[] = [],
): AskText {
  const permissions = scopes.flatMap((scope) => {
    const reason = words?.reasons[scope] || findReason(t, texts, scope)
    if (!reason) return []
    const key = scopeKey(scope)
    return [
      {
        scope,
        title: t(`scopes.${key}.title`),
        explanation: t(`scopes.${key}.explanation`),
        reason,
        uses: sayUses(t, scope, systems),
      },
    ]
  })
  return {
    heading: t('heading', { institution }),
    asker: t('asker', { asker: texts.asker ?? t('defaults.asker') }),
    aboutOrcid: t('aboutOrcid'),
    benefit: words?.why || (texts.benefit ?? t('defaults.benefit')),
    decide: t('decide'),
    permissions,
    allOrNone: permissions.length > 1 ? t('allOrNone') : null,
    recipients: [
      ...(texts.recipients ?? [t('defaults.recipient', { institution })]),
      ...systems.map((system) => sayOperator(t, system)),
    ],
    duration: t('duration'),
    remains: permissions.some(({ scope }) => scope.endsWith('/update')) ? t('remains') : null,
    refusal: texts.refusal ?? t('defaults.refusal'),
    existing: t('existing'),
  }
}

/** “Staff pages read your record: …”, for each system that uses the permission. */
function sayUses(t: AskTranslator, scope: string, systems: readonly NamedSystem[]): string[] {
  return systems.flatMap((system) => {
    const rights = listRightsOf(scope, system)
    if (rights.length === 0) return []
    return [t('use', { name: system.name, what: sayRights(t, rights), purpose: system.purpose })]
  })
}

export const sayRights = (t: AskTranslator, rights: readonly SystemRight[]) =>
  rights.map((right) => t(`uses.${rightKey(right)}`)).join(' · ')

type Operated = Pick<NamedSystem, 'name' | 'operator' | 'processorName'>

/** A system and who runs it. */
export function sayOperator(t: AskTranslator, { name, operator, processorName }: Operated): string {
  return operator === 'institution' ? name : t(`operators.${operator}`, { name, processor: processorName ?? '' })
}

/** Message keys hold no colon: `people:read` is `people-read`. */
export const rightKey = (right: SystemRight) => right.replace(':', '-')

/** The systems beside the scopes that a text asks for. */
export const listShownSystems = (systems: readonly NamedSystem[], scopes: readonly string[]): ShownSystem[] =>
  systems
    .map((system) => ({
      termId: system.termId,
      scopes: scopes.filter((scope) => listRightsOf(scope, system).length > 0),
    }))
    .filter(({ scopes: named }) => named.length > 0)

/** The same for the same systems: only who was shown them counts as told. */
export const versionOf = (systems: readonly Pick<NamedSystem, 'termId'>[]): string =>
  systems.length === 0 ? '' : canonicalHash(systems.map(({ termId }) => termId).sort()).slice(0, 16)

/** A shown text with the SHA-256 that identifies it. */
export function toShownText(locale: string, text: AskText, systems: ShownSystem[] = []): ShownText {
  const content = systems.length > 0 ? { ...text, systems } : text
  return { hash: canonicalHash([locale, content]), locale, content, systems }
}
