import 'server-only'
import { getTranslations } from 'next-intl/server'
import { env } from '@/lib/config/env'
import { getLanguage } from '@/lib/i18n/request'
import { findScope } from '@/lib/orcid/scopes'
import { listNamedSystems, listNamedSystemsSoon } from '@/lib/texts/named-systems'
import { inReadingOrder } from '@/lib/texts/order'
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
  return { content: await compose(scopes, words, systems), version: versionOf(systems) }
}

/** The same for the attempt. It names systems only if the page had these: `version`. `carried`: those of an earlier text. */
export async function getShownText(
  scopes: readonly string[],
  { words, version, carried }: { words?: CampaignWords | null; version?: string; carried?: ShownSystem[] },
): Promise<ShownText> {
  const locale = await getLanguage()
  const current = version ? await listNamedSystems(locale) : []
  const systems = version === versionOf(current) ? current : []
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
