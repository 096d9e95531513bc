import { LookPreview, toAccents } from '@/app/staff/settings/_components/look-preview'
import type { readSettingsPage } from '@/app/staff/settings/_components/read-page'
import { env } from '@/lib/config/env'
import { listTranslations } from '@/lib/config/languages'
import { settings } from '@/lib/config/settings'
import { getLanguage } from '@/lib/i18n/request'
import { readTyped, type Typed } from '@/lib/settings/typed'
import { findOurWords, previewAskText } from '@/lib/texts/asked'
import { getTextsOfFile } from '@/lib/texts/queries'
import { mergeTexts, pickTexts } from '@/lib/texts/text'

type Props = { page: ReturnType<typeof readSettingsPage>; typed: Typed }

/** The front page with what is typed. What has a fault or is set elsewhere is as it is now. */
export async function SettingsPreview({ page: { section, locale: ofTexts, open }, typed }: Props) {
  const locale = section === 'texts' ? ofTexts : await getLanguage()
  const { values: read } = readTyped(open, typed, listTranslations())
  const values = Object.fromEntries(
    Object.entries({ ...settings().values, ...read }).filter((one): one is [string, string] => one[1] !== null),
  )
  const { institution } = env()
  const name = read.INSTITUTION_NAME ?? institution.name
  const accent = 'INSTITUTION_ACCENT' in read ? (read.INSTITUTION_ACCENT ?? '#1d4f91') : ''
  const texts = mergeTexts(getTextsOfFile(locale), pickTexts(values, locale))
  const ours = await findOurWords(locale, name)
  return (
    <LookPreview
      name={name}
      shortName={('INSTITUTION_SHORT_NAME' in read ? read.INSTITUTION_SHORT_NAME : institution.shortName) ?? name}
      accent={toAccents(accent, institution.accent)}
      locale={locale}
      content={await previewAskText(locale, name, texts)}
      next={texts.next ?? ours({ locale, sentence: 'next' }) ?? ''}
    />
  )
}
