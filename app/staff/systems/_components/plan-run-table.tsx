import '@/app/staff/_components/rows.css'
import { getFormatter, getTranslations } from 'next-intl/server'
import { State } from '@/app/_components/state'
import { When } from '@/app/_components/when'
import { TableHead } from '@/app/staff/_components/table-head'
import type { PlanRun } from '@/lib/exports/plan-queries'

const shapes = {
  waiting: 'waiting',
  running: 'waiting',
  done: 'connected',
  failed: 'withdrawn',
  skipped: 'identity_only',
} as const

/** How the last file of a plan, or one of its files, went. */
export async function PlanRunState({ run }: { run: PlanRun }) {
  const t = await getTranslations('staff.systems.files')
  return (
    <>
      <State state={shapes[run.state]}>{t(`runStates.${run.state}`)}</State>
      {run.fault ? <span className="note block max-w-[40ch]">{t(`faults.${run.fault}`)}</span> : null}
      {run.state === 'waiting' && run.fault ? (
        <span className="note block">{t.rich('again', { when: () => <When at={run.nextTryAt} /> })}</span>
      ) : null}
    </>
  )
}

/** The files of a plan, newest first. */
export async function PlanRunTable({ runs }: { runs: readonly PlanRun[] }) {
  const t = await getTranslations('staff.systems.files')
  const format = await getFormatter()
  const columns = ['due', 'state', 'rows', 'file'] as const
  return (
    <div className="rows">
      <table>
        <TableHead caption={t('runs')} heads={columns.map((column) => t(`runColumns.${column}`))} />
        <tbody>
          {runs.map((run) => (
            <tr key={run.id}>
              <td data-place="name">
                <When at={run.dueAt} show="time" />
              </td>
              <td data-place="state">
                <PlanRunState run={run} />
              </td>
              <td data-place="rows">
                {run.rows === null ? null : t('rows', { rows: run.rows })}
                {run.bytes === null ? null : (
                  <span className="known-here">{t('bytes', { bytes: format.number(run.bytes) })}</span>
                )}
              </td>
              <td data-place="file">
                <span translate="no" className="mono [overflow-wrap:anywhere]">
                  {run.name}
                </span>
                {run.sha256 ? (
                  <span translate="no" className="mono note block [overflow-wrap:anywhere]">
                    {run.sha256}
                  </span>
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
