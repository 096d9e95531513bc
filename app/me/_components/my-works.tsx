import { getTranslations } from 'next-intl/server'

/** The way to the works that wait, and to say whether systems may add works. */
export async function MyWorks() {
  const t = await getTranslations('me.works')
  return (
    <p className="no-print">
      <a href="/me/works">{t('open')}</a>
    </p>
  )
}
