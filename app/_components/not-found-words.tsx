import { getTranslations } from 'next-intl/server'

/** Nothing is at this address: the ways back, for staff to the overview. */
export async function NotFoundWords({ isStaff = false }: { isStaff?: boolean }) {
  const t = await getTranslations('notFound')
  return (
    <div className="space-y-4">
      <h1>{t('title')}</h1>
      <p>{t('text')}</p>
      <p className="flex flex-wrap gap-x-6 gap-y-2">
        {isStaff ? <a href="/staff">{t('staff')}</a> : <a href="/">{t('home')}</a>}
        <a href="/me">{t('me')}</a>
      </p>
    </div>
  )
}
