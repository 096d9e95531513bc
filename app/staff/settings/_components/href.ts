import type { Section } from '@/lib/settings/setting'

/** The page of some settings; the texts have one for each language. With `draft`, what was typed on one of them is kept. */
export const settingsHref = (section: Section, locale: string, draft: string | null = null): string =>
  `/staff/settings?${new URLSearchParams({ section, ...(section === 'texts' && { locale }), ...(draft && { draft }) })}`
