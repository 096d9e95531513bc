import '@/app/staff/_components/rows.css'
import { Plus } from 'lucide-react'
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Answer } from '@/app/_components/answer'
import { EmptyState } from '@/app/_components/empty-state'
import { Notice } from '@/app/_components/notice'
import { When } from '@/app/_components/when'
import { TableHead } from '@/app/staff/_components/table-head'
import { SystemState, stateOf } from '@/app/staff/systems/_components/system-state'
import { getRightWords, noteOf } from '@/app/staff/systems/_components/system-words'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { readOne, type SearchParams } from '@/lib/list/search'
import { type ListedSystem, listSystems } from '@/lib/systems/queries'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.systems'))('title'), robots: { index: false } }
}

/** All systems that may use what people allow, with what they may do and when they last did. */
export default availablePage(async function SystemsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const actor = await requireStaff('manageSystems')
  const t = await getTranslations('staff.systems')
  const systems = await listSystems(actor)
  const note = noteOf(readOne(await searchParams, 'note'))
  return (
    <div className="space-y-5">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <h1>{t('title')}</h1>
        {systems.length > 0 ? (
          <a href="/staff/systems/new" className="btn btn-primary no-print">
            <Plus size={20} />
            {t('new')}
          </a>
        ) : null}
      </div>
      <Answer tone="plain">
        {t('answer', { count: systems.filter(isRunning).length })}{' '}
        <span className="block text-base text-ink-soft">
          {t('lead')} <a href="/developers">{t('developers')}</a>
        </span>
      </Answer>
      {note ? <Notice tone="warn">{t(`notes.${note}`)}</Notice> : null}
      {systems.length === 0 ? (
        <EmptyState action={{ href: '/staff/systems/new', label: t('new'), isMain: true }}>{t('empty')}</EmptyState>
      ) : (
        <SystemTable systems={systems} />
      )}
    </div>
  )
})

const toState = ({ isStopped, expiresOn, keys, lastUsedAt }: ListedSystem) => ({
  isStopped,
  expiresOn,
  hasKey: keys > 0,
  wasUsed: lastUsedAt !== null,
})
const isRunning = (system: ListedSystem) => ['running', 'unused'].includes(stateOf(toState(system)))

async function SystemTable({ systems }: { systems: readonly ListedSystem[] }) {
  const t = await getTranslations('staff.systems')
  const toRight = await getRightWords()
  const columns = ['name', 'state', 'rights', 'keys', 'used'] as const
  return (
    <div className="rows">
      <table>
        <TableHead caption={t('title')} heads={columns.map((column) => t(`columns.${column}`))} />
        <tbody>
          {systems.map((system) => (
            <tr key={system.id}>
              <td data-place="name">
                <a href={`/staff/systems/${system.id}`} dir="auto" translate="no" className="whole-row">
                  {system.name}
                </a>
                <span className="known-here">{system.processorName ?? t(`operators.${system.operator}`)}</span>
              </td>
              <td data-place="state">
                <SystemState {...toState(system)} />
              </td>
              <td data-place="rights">{system.rights.map(toRight).join(' · ')}</td>
              <td data-place="keys">
                <span className="column-name">{t('columns.keys')} </span>
                {t('keyCount', { count: system.keys })}
              </td>
              <td data-place="used">
                <span className="column-name">{t('columns.used')} </span>
                {system.lastUsedAt ? <When at={system.lastUsedAt} /> : t('never')}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
