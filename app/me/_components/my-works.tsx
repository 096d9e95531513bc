import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'

/** That works wait for the person's word; always the way to say whether systems may add works. */
export async function MyWorks({ waiting }: { waiting: number }) {
  const t = await getTranslations('me.works')
  if (waiting === 0) {
    return (
      <p className="no-print">
        <a href="/me/works">{t('open')}</a>
      </p>
    )
  }
  return (
    <Notice>
      <p>{t('wait', { count: waiting })}</p>
      <p className="mt-1">
        <a href="/me/works">{t('look', { count: waiting })}</a>
      </p>
    </Notice>
  )
}
