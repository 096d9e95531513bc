import { getFormatter, getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import type { MySystem } from '@/lib/systems/mine'

/** Which systems are new to the researcher, and the way to all of them. */
export async function MySystems({ systems }: { systems: readonly MySystem[] }) {
  if (systems.length === 0) return null
  const [t, format] = await Promise.all([getTranslations('me.systems'), getFormatter()])
  const using = systems.filter(({ covered, stop }) => covered.length > 0 && !stop)
  const news = systems.flatMap(({ name, purpose, moreFrom, stop }) =>
    moreFrom && !stop ? { name, purpose, from: moreFrom } : [],
  )
  return (
    <div className="space-y-3">
      {news.map(({ name, purpose, from }) => (
        <Notice key={name}>
          {t('news', { system: name, purpose, day: format.dateTime(from, { dateStyle: 'long' }) })}{' '}
          <a href="/me/systems">{t('newsLink')}</a>
        </Notice>
      ))}
      <p>
        {t('answer', { count: using.length })} <a href="/me/systems">{t('link')}</a>
      </p>
    </div>
  )
}
