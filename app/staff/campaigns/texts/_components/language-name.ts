/** The name of a language in the language of the page. */
export const languageName = (locale: string, pageLanguage: string): string =>
  new Intl.DisplayNames([pageLanguage], { type: 'language' }).of(locale) ?? locale

export const textHref = (key: string, locale: string): string =>
  `/staff/campaigns/texts/${key}?${new URLSearchParams({ locale })}`
