import { env } from '@/lib/config/env'
import { findLock } from '@/lib/settings/locks'
import { listKeys, type Section, sections } from '@/lib/settings/setting'
import { inReadingOrder } from '@/lib/texts/order'

/** Which page of the settings an address or a form means, with its settings. */
export function readSettingsPage({ section: asked, locale: wanted }: { section?: unknown; locale?: unknown }) {
  const { languages } = env().institution
  const section: Section = sections.find((one) => one === asked) ?? 'identity'
  const locale = languages.find((one) => one === wanted) ?? languages[0] ?? 'en'
  const keys = listKeys(section, locale, inReadingOrder(env().orcid.scopes))
  return { section, locale, keys, open: keys.filter((key) => !findLock(key)) }
}
