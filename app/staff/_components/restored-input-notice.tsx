import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'

/** Stands at a form that is filled with what was typed before the session ended. */
export async function RestoredInputNotice() {
  const t = await getTranslations('staff')
  return <Notice tone="warn">{t('kept')}</Notice>
}
