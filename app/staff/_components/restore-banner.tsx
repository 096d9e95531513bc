import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'

/** Above every staff page while a restored database is held. */
export async function RestoreBanner() {
  const t = await getTranslations('staff.restored')
  return <Notice tone="warn">{t.rich('banner', { link: (text) => <a href="/staff/restored">{text}</a> })}</Notice>
}
