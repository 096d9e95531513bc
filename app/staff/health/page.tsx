import { CircleAlert, CircleCheck, Info } from 'lucide-react'
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Answer } from '@/app/_components/answer'
import { When } from '@/app/_components/when'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { getHealth, type Health } from '@/lib/process/health'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.health'))('title'), robots: { index: false } }
}

type State = 'good' | 'warn' | 'info'
type Name = Exclude<keyof Health, 'isSchemaNewer'>
type Part = { name: Name; state: State; words: ReactNode }

const marks = { good: CircleCheck, warn: CircleAlert, info: Info }
const tones = { good: 'text-good', warn: 'text-warn', info: 'text-accent' }

/** Whether every part works, in words. What waits and what failed is on the page of jobs. */
export default availablePage(async function HealthPage() {
  const actor = await requireStaff('seeHealth')
  const t = await getTranslations('staff.health')
  const health = await getHealth(actor)
  const parts = await describeParts(health)
  const trouble = parts.filter(({ state }) => state === 'warn').length
  return (
    <div className="space-y-8">
      <div className="space-y-2">
        <h1>{t('title')}</h1>
        <Answer tone={trouble === 0 && health.backup.at ? 'good' : 'needs'}>
          {trouble > 0 ? t('trouble', { count: trouble }) : t(health.backup.at ? 'good' : 'goodButBackup')}
        </Answer>
      </div>
      <dl aria-label={t('label')} className="divide-y divide-line">
        {parts.map(({ name, state, words }) => {
          const Mark = marks[state]
          return (
            <div key={name} className="grid gap-1 py-3 sm:grid-cols-[10rem_1fr] sm:gap-4">
              <dt className="flex items-center gap-2 font-medium">
                <Mark size={20} className={`shrink-0 ${tones[state]}`} />
                {t(`${name}.name`)}
              </dt>
              <dd className="max-w-[65ch]">{words}</dd>
            </div>
          )
        })}
      </dl>
    </div>
  )
})

async function describeParts(health: Health): Promise<Part[]> {
  const { worker, queue, orcid, database, mail, keys, backup, version, isSchemaNewer } = health
  const t = await getTranslations('staff.health')
  const at = (sentence: string, when: Date) => (
    <>
      {sentence} <When at={when} />.
    </>
  )
  const part = (name: Name, state: State, words: ReactNode): Part => ({ name, state, words })
  return [
    part(
      'worker',
      worker.isRunning ? 'good' : 'warn',
      worker.seenAt ? at(t(worker.isRunning ? 'worker.good' : 'worker.stopped'), worker.seenAt) : t('worker.never'),
    ),
    part(
      'queue',
      queue.failed > 0 ? 'warn' : 'good',
      <>
        {queue.failed > 0 ? `${t('queue.failed', { count: queue.failed })} ` : null}
        {t('queue.due', { count: queue.due })} <a href="/staff/jobs">{t('queue.more')}</a>
      </>,
    ),
    orcid.pausedUntil
      ? part('orcid', 'warn', at(t('orcid.away'), orcid.pausedUntil))
      : orcid.failures > 0
        ? part('orcid', 'warn', t('orcid.failing', { count: orcid.failures }))
        : part('orcid', 'good', t('orcid.good', { registry: orcid.registry })),
    database.reason
      ? part('database', 'warn', <DatabaseFault sentence={t('database.fault')} reason={database.reason} />)
      : part('database', 'good', t('database.good', { version: database.version })),
    !mail
      ? part('mail', 'info', t('mail.none'))
      : mail.stoppedAt
        ? part('mail', 'warn', at(t('mail.stopped'), mail.stoppedAt))
        : mail.failing > 0
          ? part('mail', 'warn', t('mail.failing', { count: mail.failing }))
          : part(
              'mail',
              'good',
              <>
                {t('mail.good', { sent: mail.sentToday, waiting: mail.waiting })}{' '}
                <a href="/staff/campaigns/texts">{t('mail.test')}</a>
              </>,
            ),
    keys.lost > 0
      ? part('keys', 'warn', t('keys.lost', { count: keys.lost, keys: keys.lostIds.join(', ') }))
      : part(
          'keys',
          'good',
          `${t('keys.good', { key: keys.current })} ${keys.older > 0 ? t('keys.others', { count: keys.older }) : ''}`,
        ),
    backup.at
      ? part('backup', backup.isLate ? 'warn' : 'good', at(t(backup.isLate ? 'backup.late' : 'backup.good'), backup.at))
      : part('backup', 'info', t('backup.never')),
    part(
      'version',
      isSchemaNewer ? 'warn' : 'good',
      `${t('version.good', version)} ${t(version.workers === 0 && worker.isRunning ? 'version.inline' : 'version.processes', version)} ${isSchemaNewer ? t('version.newer') : ''}`,
    ),
  ]
}

function DatabaseFault({ sentence, reason }: { sentence: string; reason: string }) {
  return (
    <>
      {sentence} <code>{reason}</code>.
    </>
  )
}
