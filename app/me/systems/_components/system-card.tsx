import { getFormatter, getTranslations } from 'next-intl/server'
import { AffiliationState } from '@/app/_components/affiliation'
import { State } from '@/app/_components/state'
import { When } from '@/app/_components/when'
import { DelegationPart } from '@/app/me/systems/_components/delegation-part'
import { env } from '@/lib/config/env'
import type { MyDelegations } from '@/lib/delegations/queries'
import type { MySystem } from '@/lib/systems/mine'
import { rightKey } from '@/lib/texts/text'

/** A system as the researcher meets it: for what, what it does, what it did, and the ways to stop it. */
export async function SystemCard({ system, delegations }: { system: MySystem; delegations: MyDelegations | null }) {
  const [t, uses, kinds] = await Promise.all([
    getTranslations('me.systems'),
    getTranslations('ask.uses'),
    getTranslations('affiliation.kinds'),
  ])
  const { institution } = env()
  const { systemId, operator, processorName, covered, moreFrom, stop } = system
  // What waits is said as well, so that the two weeks are of use.
  const rights = covered.length > 0 && !moreFrom ? covered : system.rights
  return (
    <li className="card space-y-4">
      <div className="space-y-1">
        <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-1">
          <h2 dir="auto" translate="no">
            {system.name}
          </h2>
          <SystemState system={system} />
        </div>
        <p dir="auto" className="[overflow-wrap:anywhere]">
          {system.purpose}
        </p>
        <p className="note [overflow-wrap:anywhere]">
          {t(`runBy.${operator}`, { institution: institution.name, processor: processorName ?? '' })}.{' '}
          {t('contact', { contact: system.contact })}
        </p>
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        <div className="space-y-1">
          <h3>{t('may')}</h3>
          <ul className="list-disc ps-5">
            {rights.map((right) => (
              <li key={right}>{uses(rightKey(right))}</li>
            ))}
          </ul>
          {system.files && rights.includes('people:read') ? <p className="note">{t(`files.${system.files}`)}</p> : null}
          {moreFrom && covered.length > 0 && !stop ? <MoreFrom day={moreFrom} /> : null}
        </div>
        <div className="space-y-1">
          <h3>{t('lastUse')}</h3>
          {system.uses.length === 0 ? <p className="text-ink-soft">{t('neverUsed')}</p> : null}
          <ul className="space-y-1">
            {system.uses.map(({ right, lastAt, times }) => (
              <li key={right}>
                {t.rich('used', { what: uses(rightKey(right)), times, when: () => <When at={lastAt} /> })}
              </li>
            ))}
          </ul>
          {system.listReadAt ? <ListRead at={system.listReadAt} /> : null}
        </div>
      </div>
      {delegations ? <DelegationPart name={processorName ?? system.name} delegations={delegations} /> : null}
      {system.wrote.length > 0 ? (
        <div className="space-y-1">
          <h3>{t('wrote')}</h3>
          <ul className="space-y-1">
            {system.wrote.map(({ id, kind, title, state, changedAt }) => (
              <li key={id} className="flex flex-wrap items-baseline gap-x-3 [overflow-wrap:anywhere]">
                <span>
                  {title} · {kinds(kind)}
                </span>
                <AffiliationState state={state} />
                <When at={changedAt} />
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      <div className="no-print flex flex-wrap gap-3">
        {stop ? (
          <SystemButton action="again" systemId={systemId}>
            {t(stop.kind === 'paused' ? 'resume' : 'again')}
          </SystemButton>
        ) : covered.length > 0 || moreFrom ? (
          <SystemButton action="stop" systemId={systemId} kind="paused">
            {t('pause')}
          </SystemButton>
        ) : null}
        <StopButton systemId={systemId} isStopped={stop?.kind === 'stopped'} isDelegated={delegations !== null} />
      </div>
    </li>
  )
}

type StopProps = { systemId: string; isStopped: boolean; isDelegated: boolean }

/** A stop is not the whole of it where the system can ask ORCID by itself: a page says so first. */
async function StopButton({ systemId, isStopped, isDelegated }: StopProps) {
  const t = await getTranslations('me.systems')
  if (isDelegated) {
    return (
      <a href={`/me/systems/one?system=${systemId}`} className="btn btn-quiet">
        {t('stop')}
      </a>
    )
  }
  if (isStopped) return null
  return (
    <SystemButton action="stop" systemId={systemId} kind="stopped">
      {t('stop')}
    </SystemButton>
  )
}

type ButtonProps = { action: 'stop' | 'again'; systemId: string; kind?: string; children: string }

function SystemButton({ action, systemId, kind, children }: ButtonProps) {
  return (
    <form method="post" action={`/me/systems/${action}`}>
      <input type="hidden" name="system" value={systemId} />
      {kind ? <input type="hidden" name="kind" value={kind} /> : null}
      <button type="submit" className="btn btn-quiet">
        {children}
      </button>
    </form>
  )
}

async function SystemState({ system: { covered, moreFrom, stop } }: { system: MySystem }) {
  const [t, format] = await Promise.all([getTranslations('me.systems.states'), getFormatter()])
  const toDay = (at: Date) => format.dateTime(at, { dateStyle: 'long' })
  if (stop) {
    const state = stop.kind === 'paused' ? 'expired' : 'ended'
    return <State state={state}>{t(stop.kind, { day: toDay(stop.at) })}</State>
  }
  if (covered.length > 0) return <State state="connected">{t('running')}</State>
  if (moreFrom) return <State state="identity_only">{t('waiting', { day: toDay(moreFrom) })}</State>
  return <State state="identity_only">{t('idle')}</State>
}

async function MoreFrom({ day }: { day: Date }) {
  const [t, format] = await Promise.all([getTranslations('me.systems'), getFormatter()])
  return <p className="note">{t('more', { day: format.dateTime(day, { dateStyle: 'long' }) })}</p>
}

async function ListRead({ at }: { at: Date }) {
  const t = await getTranslations('me.systems')
  return <p className="note">{t.rich('list', { when: () => <When at={at} /> })}</p>
}
