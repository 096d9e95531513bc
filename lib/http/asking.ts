import 'server-only'
import { getLocale, getTranslations } from 'next-intl/server'
import { env } from '@/lib/env'
import { findScope } from '@/lib/orcid/scopes'
import { getInstitutionTexts } from '@/lib/texts/queries'
import {
  type AskText,
  composeAskText,
  findReason,
  type InstitutionTexts,
  type ShownText,
  scopeKey,
  toShownText,
} from '@/lib/texts/text'

/** A permission in words, for one that was granted as well as for one that is asked for. */
export type DescribedScope = { scope: string; title: string; explanation: string; reason: string | null }

/**
 * What a person reads before the button when they are asked for `scopes`, in the language of this request, and the same
 * with its hash for the attempt to remember. The order in which the scopes are given does not matter.
 */
export async function getAskText(scopes: readonly string[]): Promise<{ content: AskText; shown: ShownText }> {
  const { t, texts, locale } = await words()
  const content = composeAskText(t, texts, env().institution.name, inReadingOrder(scopes))
  return { content, shown: toShownText(locale, content) }
}

/** The scopes that are asked for: the configured ones that have a reason, and always `openid`. */
export async function listAskable(): Promise<string[]> {
  const { t, texts } = await words()
  const scopes = env().orcid.scopes.filter((scope) => scope === 'openid' || findReason(t, texts, scope))
  return inReadingOrder(['openid', ...scopes])
}

/** Granted scopes in words. ORCID may grant what we have no words for: then its own name has to do. */
export async function describeScopes(scopes: readonly string[]): Promise<DescribedScope[]> {
  const { t, texts } = await words()
  return inReadingOrder(scopes).map((scope) => {
    const key = `scopes.${scopeKey(scope)}`
    const reason = findReason(t, texts, scope)
    if (!t.has(`${key}.title`)) return { scope, title: scope, explanation: findScope(scope)?.description ?? '', reason }
    return { scope, title: t(`${key}.title`), explanation: t(`${key}.explanation`), reason }
  })
}

/** What happens after connecting, in the institution's words or ours. */
export async function getNextStep(): Promise<string> {
  const { t, texts } = await words()
  return texts.next ?? t('defaults.next')
}

async function words() {
  const [t, locale] = await Promise.all([getTranslations('ask'), getLocale()])
  return { t, locale, texts: withReasonForId(getInstitutionTexts(locale)) }
}

/** `openid` is part of every trip, so an empty reason cannot keep it from being told. */
function withReasonForId(texts: InstitutionTexts): InstitutionTexts {
  if (texts.reasons?.openid !== '') return texts
  const { openid: _empty, ...reasons } = texts.reasons
  return { ...texts, reasons }
}

// From knowing to reading to writing; whatever else there is comes last, by name.
const readingOrder = [
  'openid',
  '/authenticate',
  '/read-limited',
  '/email/read-private',
  '/activities/update',
  '/person/update',
]

function inReadingOrder(scopes: readonly string[]): string[] {
  const known = readingOrder.filter((scope) => scopes.includes(scope))
  const others = scopes.filter((scope) => !readingOrder.includes(scope))
  return [...new Set([...known, ...others.sort()])]
}
