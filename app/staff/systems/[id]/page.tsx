import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { Answer } from '@/app/_components/answer'
import { ConfirmCheckbox } from '@/app/_components/confirm-checkbox'
import { Notice } from '@/app/_components/notice'
import { BackLink } from '@/app/staff/_components/back-link'
import { getDayWords } from '@/app/staff/_components/day-words'
import { DelegationFacts } from '@/app/staff/systems/_components/delegation-facts'
import { KeyForm } from '@/app/staff/systems/_components/key-form'
import { KeyTable } from '@/app/staff/systems/_components/key-table'
import { SystemFacts } from '@/app/staff/systems/_components/system-facts'
import { SystemState, stateOf } from '@/app/staff/systems/_components/system-state'
import { noteOf } from '@/app/staff/systems/_components/system-words'
import { TermList } from '@/app/staff/systems/_components/term-list'
import { ToldFacts } from '@/app/staff/systems/_components/told-facts'
import { UseTable } from '@/app/staff/systems/_components/use-table'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { toDay } from '@/lib/config/day'
import { countReleases } from '@/lib/delegations/queries'
import { readOne, type SearchParams } from '@/lib/list/search'
import { findSystem, isUsable, listKeys, listUse } from '@/lib/systems/queries'
import { findTold } from '@/lib/systems/telling'

type Props = { params: Promise<{ id: string }>; searchParams: Promise<SearchParams> }

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.systems'))('title'), robots: { index: false } }
}

/** A system: whether it may send requests, what it may do, who was told, its keys and what it used. */
export default availablePage(async function SystemPage({ params, searchParams }: Props) {
  const actor = await requireStaff('manageSystems')
  const system = await findSystem(actor, (await params).id)
  if (!system) notFound()
  const t = await getTranslations('staff.systems')
  const [keys, uses, releases, standing] = await Promise.all([
    listKeys(actor, system.id),
    listUse(actor, system.id),
    countReleases(actor, system.id),
    findTold(actor, system.id),
  ])
  const note = noteOf(readOne(await searchParams, 'note'))
  const wasUsed = keys.some(({ lastUsedAt }) => lastUsedAt !== null)
  const state = { isStopped: system.isStopped, expiresOn: system.expiresOn, hasKey: keys.some(isUsable), wasUsed }
  const told = standing === 'too_many' ? null : standing
  const seesNobody = told?.seen === 0
  const isOver = ['stopped', 'expired'].includes(stateOf(state))
  return (
    <div className="max-w-[56rem] space-y-8">
      <div className="space-y-2">
        <BackLink href="/staff/systems">{t('toList')}</BackLink>
        <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
          <h1 dir="auto" translate="no">
            {system.name}
          </h1>
          <SystemState {...state} />
        </div>
        <Answer
          tone={seesNobody && !isOver ? 'needs' : answerTones[stateOf(state)]}
          action={
            stateOf(state) === 'no_key' ? (
              <a href="#new-key" className="btn btn-primary">
                {t('page.newKey')}
              </a>
            ) : null
          }
        >
          {await sayState(state)} {seesNobody && !isOver ? await saySeesNobody(told.firstFrom) : null}
        </Answer>
      </div>
      {note ? (
        <Notice tone={note === 'shown-once' || note === 'gone' ? 'warn' : 'good'}>{t(`notes.${note}`)}</Notice>
      ) : null}
      <div className="no-print flex flex-wrap items-center gap-3">
        <a href={`/staff/systems/${system.id}/edit`} className="btn btn-quiet">
          {t('page.edit')}
        </a>
        {system.operator === 'member' ? null : (
          <>
            <a href={`/staff/systems/${system.id}/files`} className="btn btn-quiet">
              {t('page.files')}
            </a>
            <a href={`/staff/systems/${system.id}/events`} className="btn btn-quiet">
              {t('events.title')}
            </a>
          </>
        )}
        {system.isStopped ? (
          <form method="post" action="/staff/systems/state">
            <input type="hidden" name="system" value={system.id} />
            <input type="hidden" name="action" value="start" />
            <button type="submit" className="btn btn-quiet">
              {t('page.start')}
            </button>
          </form>
        ) : null}
      </div>
      <SystemFacts system={system} />
      {system.receiver ? <DelegationFacts system={system} releases={releases} /> : null}
      {standing ? <ToldFacts told={standing} /> : null}
      <section id="keys" aria-labelledby="keys-title" className="space-y-4">
        <h2 id="keys-title">{t('page.keys')}</h2>
        <KeyTable systemId={system.id} keys={keys} />
        <KeyForm systemId={system.id} />
      </section>
      <UseTable uses={uses} />
      <TermList terms={system.terms} />
      {system.isStopped ? null : (
        <details className="no-print">
          <summary className="min-h-6 text-sm">{t('page.stop')}</summary>
          <form method="post" action="/staff/systems/state" className="mt-3 space-y-3">
            <input type="hidden" name="system" value={system.id} />
            <input type="hidden" name="action" value="stop" />
            <ConfirmCheckbox>{t('page.stopSure')}</ConfirmCheckbox>
            <button type="submit" className="btn btn-danger">
              {t('page.stop')}
            </button>
          </form>
        </details>
      )}
    </div>
  )
})

const answerTones = { running: 'good', stopped: 'plain', expired: 'needs', no_key: 'needs', unused: 'plain' } as const

async function saySeesNobody(from: Date | null): Promise<string> {
  const t = await getTranslations('staff.systems.page')
  const toWords = await getDayWords()
  return from ? t('seesNobodyBefore', { day: toWords(toDay(from)) }) : t('seesNobody')
}

async function sayState(state: Parameters<typeof stateOf>[0]): Promise<string> {
  const t = await getTranslations('staff.systems.page')
  const toWords = await getDayWords()
  switch (stateOf(state)) {
    case 'stopped':
      return t('stoppedNow')
    case 'expired':
      return t('expiredNow', { day: toWords(state.expiresOn ?? '') })
    case 'no_key':
      return t('noKey')
    case 'running':
    case 'unused':
      return t('running')
  }
}
