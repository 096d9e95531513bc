import '@/app/staff/_components/rows.css'
import '@/app/staff/systems/[id]/events/deliveries.css'
import { getTranslations } from 'next-intl/server'
import { EmptyState } from '@/app/_components/empty-state'
import { State } from '@/app/_components/state'
import { When } from '@/app/_components/when'
import { PagesByTime } from '@/app/staff/_components/pages'
import { TableHead } from '@/app/staff/_components/table-head'
import { EventsForm } from '@/app/staff/systems/[id]/events/_components/webhook-forms'
import { encodeCursor } from '@/lib/list/pagination'
import type { Delivery, DeliveryPage } from '@/lib/webhooks/queries'

type Props = { systemId: string; isOn: boolean } & Pick<DeliveryPage, 'page' | 'names'>

const columns = ['event', 'person', 'happened', 'tries', 'result', 'again'] as const

const looks = { waiting: 'waiting', delivered: 'connected', withheld: 'ended', given_up: 'withdrawn' } as const

/** Deliveries, newest first, each with what became of it. */
export async function DeliveryTable({ systemId, isOn, page, names }: Props) {
  const t = await getTranslations('staff.systems.events')
  if (page.rows.length === 0) return <EmptyState>{t('none')}</EmptyState>
  return (
    <section aria-labelledby="deliveries" className="space-y-2">
      <h2 id="deliveries">{t('deliveries')}</h2>
      <div className="rows deliveries">
        <table>
          <TableHead caption={t('deliveries')} heads={columns.map((column) => t(`columns.${column}`))} />
          <tbody>
            {page.rows.map((delivery) => (
              <tr key={`${delivery.id}`}>
                <td data-place="event">
                  <code translate="no" className="mono">
                    {delivery.type}
                  </code>
                  {delivery.position === null ? null : (
                    <span className="known-here">{t('at', { position: `${delivery.position}` })}</span>
                  )}
                </td>
                <td data-place="person">
                  <Whose personId={delivery.personId} names={names} />
                </td>
                <td data-place="happened">
                  <span className="column-name">{t('columns.happened')} </span>
                  <When at={delivery.happenedAt} show="time" />
                </td>
                <td data-place="tries">
                  <span className="column-name">{t('columns.tries')} </span>
                  {delivery.tries}
                </td>
                <td data-place="result">
                  <Result delivery={delivery} isOn={isOn} />
                </td>
                <td data-place="again">
                  {delivery.state === 'withheld' ? null : (
                    <EventsForm systemId={systemId} action="again" className="no-print">
                      <input type="hidden" name="delivery" value={`${delivery.id}`} />
                      <button type="submit" className="btn btn-quiet whitespace-nowrap text-sm">
                        {t(delivery.state === 'waiting' ? 'sendNow' : 'sendAgain')}
                      </button>
                    </EventsForm>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <PagesByTime
        page={page}
        href={(cursor) => `/staff/systems/${systemId}/events?cursor=${encodeCursor(cursor)}#deliveries`}
      />
    </section>
  )
}

async function Whose({ personId, names }: { personId: string | null; names: Props['names'] }) {
  const t = await getTranslations('staff.systems.events')
  if (!personId) return t('nobody')
  if (!names.has(personId)) return t('hidden')
  return (
    <a href={`/staff/people/${personId}`}>
      <bdi translate="no">{names.get(personId) ?? t('unnamed')}</bdi>
    </a>
  )
}

async function Result({ delivery: { state, answer, nextAt }, isOn }: { delivery: Delivery; isOn: boolean }) {
  const t = await getTranslations('staff.systems.events')
  const words = answer && (t.has(`answers.${answer}`) ? t(`answers.${answer}`) : t('status', { status: answer }))
  return (
    <>
      <State state={looks[state]}>{t(`results.${state}`)}</State>
      {state === 'withheld' ? <span className="known-here">{t('notAllowed')}</span> : null}
      {words ? <span className="known-here">{words}</span> : null}
      {isOn && state === 'waiting' && answer ? (
        <span className="known-here">
          {t('next')} <When at={nextAt} />
        </span>
      ) : null}
    </>
  )
}
