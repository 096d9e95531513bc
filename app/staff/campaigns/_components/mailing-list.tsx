import { getTranslations } from 'next-intl/server'
import { ConfirmCheckbox } from '@/app/_components/confirm-checkbox'
import { State } from '@/app/_components/state'
import type { StateName } from '@/app/_components/state-shape'
import { When } from '@/app/_components/when'
import { getTemplateWords } from '@/app/staff/campaigns/_components/campaign-words'
import type { StaffActor } from '@/lib/actor'
import { activeMailings } from '@/lib/campaigns/campaign'
import { mayApprove } from '@/lib/campaigns/mailings'
import type { Campaign, ShownMailing } from '@/lib/campaigns/queries'
import { may } from '@/lib/staff/abilities'

type Props = { actor: StaffActor; campaign: Campaign; mailings: readonly ShownMailing[] }

/** The mailings, newest first, with what became of each and what somebody can do about it. */
export async function MailingList({ actor, campaign, mailings }: Props) {
  const t = await getTranslations('staff.campaigns.mailings')
  const templates = await getTemplateWords()
  return (
    <section aria-labelledby="mailings" className="space-y-3">
      <h2 id="mailings">{t('title')}</h2>
      {mailings.length === 0 ? (
        <p className="text-ink-soft">{t('none')}</p>
      ) : (
        <>
          <p className="note max-w-[65ch]">{t('declined')}</p>
          <ul className="space-y-3">
            {mailings.map((mailing) => (
              <li key={mailing.id} className="card space-y-3">
                <Mailing mailing={mailing} template={templates.get(mailing.template) ?? mailing.template} />
                <Ways actor={actor} campaign={campaign} mailing={mailing} />
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

const shapes: Record<ShownMailing['state'], StateName> = {
  to_be_approved: 'waiting',
  first: 'waiting',
  to_be_looked_at: 'waiting',
  sending: 'waiting',
  done: 'connected',
  stopped: 'withdrawn',
  taken_back: 'withdrawn',
}

async function Mailing({ mailing, template }: { mailing: ShownMailing; template: string }) {
  const t = await getTranslations('staff.campaigns.mailings')
  const audit = await getTranslations('staff.audit')
  const { step, state, recipients, confirmedBy, confirmedAt, correctsId, startsAt } = mailing
  const { sent, waiting, refused, bounced, perhaps } = mailing
  const isPrepared = state === 'to_be_approved' && confirmedBy === null
  const hasBegun = state === 'first' && sent + waiting > 0
  const who = confirmedBy ? (confirmedBy.name ?? confirmedBy.orcid ?? audit('erased')) : t('byTimetable')
  return (
    <div className="space-y-1">
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <h3>
          {correctsId
            ? t('correction', { template })
            : step === null
              ? t('reminder', { template })
              : t('heading', { step, template })}
        </h3>
        <State state={shapes[state]}>
          {isPrepared
            ? t('states.prepared')
            : hasBegun
              ? t('states.begun')
              : t.rich(`states.${state}`, {
                  when: () => (startsAt ? <When key="when" at={startsAt} show="time" /> : null),
                })}
        </State>
      </div>
      <p className="note">
        {t('recipients', { count: recipients })} · <bdi>{who}</bdi> · <When at={confirmedAt} />
      </p>
      {sent + waiting + refused > 0 ? (
        <p className="text-sm tabular-nums">
          {t('counts', { sent, waiting, refused, bounced })} {perhaps > 0 ? t('perhaps', { count: perhaps }) : null}
        </p>
      ) : null}
    </div>
  )
}

async function Ways({ actor, campaign, mailing }: { actor: StaffActor; campaign: Campaign; mailing: ShownMailing }) {
  const t = await getTranslations('staff.campaigns.mailings')
  const { id, state, confirmedBy, confirmedAt, step } = mailing
  if (campaign.state === 'closed') return null
  const approval = await mayApprove(actor, { state, confirmedById: confirmedBy?.id ?? null, confirmedAt })
  const isPrepared = state === 'to_be_approved' && confirmedBy === null
  const isActive = activeMailings.some((each) => each === state)
  const wasSent = step !== null && (state === 'stopped' || state === 'done' || isActive) && mailing.sent > 0
  return (
    <div className="no-print flex flex-wrap items-start gap-3 empty:hidden">
      {isPrepared && may(actor, 'openCampaigns') ? (
        <a href={`/staff/campaigns/${campaign.id}/open?correction=${id}`} className="btn btn-primary">
          {t('toCorrection')}
        </a>
      ) : null}
      {approval === 'yes' ? <MailingForm id={id} action="approve" words={t('approve')} isPrimary /> : null}
      {state === 'to_be_looked_at' && may(actor, 'openCampaigns') ? (
        <MailingForm id={id} action="continue" words={t('continue')} isPrimary />
      ) : null}
      {isActive && may(actor, 'stopMail') ? <MailingForm id={id} action="stop" words={t('stop')} /> : null}
      {approval === 'another' || approval === 'later' ? <p className="note">{t(approval)}</p> : null}
      {wasSent && may(actor, 'stopMail') ? (
        <details className="basis-full">
          <summary className="min-h-6 text-sm">{t('take_back')}</summary>
          <form method="post" action="/staff/campaigns/mailing" className="mt-3 space-y-3">
            <input type="hidden" name="mailing" value={id} />
            <input type="hidden" name="action" value="take_back" />
            <ConfirmCheckbox>{t('takeBackSure')}</ConfirmCheckbox>
            <button type="submit" className="btn btn-quiet">
              {t('take_back')}
            </button>
          </form>
        </details>
      ) : null}
    </div>
  )
}

type FormProps = { id: string; action: string; words: string; isPrimary?: boolean }

function MailingForm({ id, action, words, isPrimary = false }: FormProps) {
  return (
    <form method="post" action="/staff/campaigns/mailing">
      <input type="hidden" name="mailing" value={id} />
      <input type="hidden" name="action" value={action} />
      <button type="submit" className={isPrimary ? 'btn btn-primary' : 'btn btn-quiet'}>
        {words}
      </button>
    </form>
  )
}
