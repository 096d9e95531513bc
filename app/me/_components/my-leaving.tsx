import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { getLeavingWords, type Leaving } from '@/app/staff/_components/leaving-notice'

/** That the researcher's time at the institution ends or has ended, and what that means for their permission. */
export async function MyLeaving({ person }: { person: Leaving | null }) {
  if (!person || person.state === 'active') return null
  const t = await getTranslations('me')
  const tone = person.state === 'leaving' ? 'info' : 'warn'
  return <Notice tone={tone}>{t(`leaving.${person.state}`, await getLeavingWords(person))}</Notice>
}
