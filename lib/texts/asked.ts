import 'server-only'
import { getTranslations } from 'next-intl/server'
import { env } from '@/lib/config/env'
import { canonicalHash } from '@/lib/crypto/canonical'
import { AppError } from '@/lib/errors'
import { getLanguage } from '@/lib/i18n/request'
import { findScope } from '@/lib/orcid/scopes'
import { listNamedSystems, listNamedSystemsSoon } from '@/lib/texts/named-systems'
import { inReadingOrder } from '@/lib/texts/order'
import type { TextPart } from '@/lib/texts/part'
import { getInstitutionTexts } from '@/lib/texts/queries'
import {
  type AskText,
  type CampaignWords,
  composeAskText,
  findReason,
  type InstitutionTexts,
  listShownSystems,
  type NamedSystem,
  type ShownSystem,
  type ShownText,
  scopeKey,
  toShownText,
  versionOf,
} from '@/lib/texts/text'

export type DescribedScope = { scope: string; title: string; explanation: string; reason: string | null }

/** The text above the button, in the request's language. Sorts `scopes`. `words`: those of a campaign. */
export async function getAskText(
  scopes: readonly string[],
  words?: CampaignWords | null,
): Promise<{ content: AskText; version: string }> {
  const systems = await listNamedSystemsSoon(await getLanguage())
  const version = `${versionOf(systems)}.${await wordsVersion(words)}`
  return { content: await compose(scopes, words, systems), version }
}

/** The same for the same words in the same language. A form sends it, so that nobody counts as shown what they did not read. */
async function wordsVersion(words: CampaignWords | null | undefined): Promise<string> {
  const said = [await getLanguage(), env().institution.name, await getTexts(), words ?? null]
  return canonicalHash(said).slice(0, 16)
}

/** What the institution would say with these texts, in a language, for administrators to look at. */
export async function previewAskText(locale: string, name: string, texts: InstitutionTexts): Promise<AskText> {
  const t = await getTranslations({ locale, namespace: 'ask' })
  const own = withReasonForId(texts)
  const asked = env().orcid.scopes.filter((scope) => findReason(t, own, scope))
  return composeAskText(t, own, name, inReadingOrder(['openid', ...asked]), null, await listNamedSystemsSoon(locale))
}

/** The portal's own words for each sentence and reason in a language; null where it has none. */
export async function findOurWords(locale: string, name: string): Promise<(part: TextPart) => string | null> {
  const t = await getTranslations({ locale, namespace: 'ask' })
  return (part) => {
    if ('scope' in part) return findReason(t, {}, part.scope)
    return part.sentence === 'recipients'
      ? t('defaults.recipient', { institution: name })
      : t(`defaults.${part.sentence}`)
  }
}

/**
 * The same for the attempt. It names systems only if the page had these: `version`. `carried`: those of an earlier text.
 *
 * @throws AppError `text_changed` where the page said something else
 */
export async function getShownText(
  scopes: readonly string[],
  { words, version, carried }: { words?: CampaignWords | null; version?: string; carried?: ShownSystem[] },
): Promise<ShownText> {
  const locale = await getLanguage()
  const [ofSystems, ofWords] = (version ?? '').split('.')
  if (ofWords && ofWords !== (await wordsVersion(words))) {
    throw new AppError('text_changed', 'the text has changed since the page was opened')
  }
  const current = ofSystems ? await listNamedSystems(locale) : []
  const systems = ofSystems === versionOf(current) ? current : []
  const shown = carried ?? listShownSystems(systems, scopes)
  return toShownText(locale, await compose(scopes, words, systems), shown)
}

async function compose(
  scopes: readonly string[],
  words: CampaignWords | null | undefined,
  systems: readonly NamedSystem[],
): Promise<AskText> {
  const t = await getTranslations('ask')
  return composeAskText(t, await getTexts(), env().institution.name, inReadingOrder(scopes), words, systems)
}

/** `openid` and all configured scopes that have a reason. */
export async function listAskable(): Promise<string[]> {
  const t = await getTranslations('ask')
  const texts = await getTexts()
  const scopes = env().orcid.scopes.filter((scope) => findReason(t, texts, scope))
  return inReadingOrder(['openid', ...scopes])
}

/** Granted scopes in words; ORCID's name for a scope without a text. */
export async function describeScopes(scopes: readonly string[]): Promise<DescribedScope[]> {
  const t = await getTranslations('ask')
  const texts = await getTexts()
  return inReadingOrder(scopes).map((scope) => {
    const key = scopeKey(scope)
    const reason = findReason(t, texts, scope)
    if (!t.has(`scopes.${key}.title`)) {
      return { scope, title: scope, explanation: findScope(scope)?.description ?? '', reason }
    }
    return { scope, title: t(`scopes.${key}.title`), explanation: t(`scopes.${key}.explanation`), reason }
  })
}

/** The sentence on what happens after connecting, from the institution or the default. */
export async function getNextStep(): Promise<string> {
  const t = await getTranslations('ask')
  return (await getTexts()).next ?? t('defaults.next')
}

/** The office that asks and acts, as the subject of a sentence; never an employee. */
export async function getOffice(): Promise<string> {
  const t = await getTranslations('ask')
  return (await getTexts()).asker ?? t('defaults.asker')
}

async function getTexts(): Promise<InstitutionTexts> {
  return withReasonForId(getInstitutionTexts(await getLanguage()))
}

/** Every attempt asks for `openid`, so an empty reason cannot remove it. */
function withReasonForId(texts: InstitutionTexts): InstitutionTexts {
  if (texts.reasons?.openid !== '') return texts
  const { openid: _empty, ...reasons } = texts.reasons
  return { ...texts, reasons }
}
