import { getTranslations } from 'next-intl/server'
import { getDayWords } from '@/app/staff/_components/day-words'
import { toDay } from '@/lib/config/day'
import { env } from '@/lib/config/env'
import { countTold } from '@/lib/systems/telling'

/** How many of those whom a system is for were told of it, and are covered. */
export async function ToldFacts({ systemId }: { systemId: string }) {
  const told = await countTold(systemId)
  if (!told) return null
  const t = await getTranslations('staff.systems.page')
  const toWords = await getDayWords()
  return (
    <section aria-labelledby="told" className="space-y-2">
      <h2 id="told">{t('told')}</h2>
      <p className="font-medium">
        {t('toldOf', { told: told.told, people: told.people, covered: told.covered })}{' '}
        {told.allFrom ? t('allFrom', { day: toWords(toDay(told.allFrom)) }) : null}
      </p>
      <p className="note max-w-[65ch]">
        {t('toldRule')} {told.told < told.people ? t(env().mail ? 'byMail' : 'byPage') : null}
      </p>
    </section>
  )
}
