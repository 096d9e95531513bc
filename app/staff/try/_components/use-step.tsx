import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { field } from '@/app/staff/_components/fields'
import { Section } from '@/app/staff/try/_components/section'
import { TraceView } from '@/app/staff/try/_components/trace-view'
import { env } from '@/lib/config/env'
import { coversScopes } from '@/lib/orcid/scopes'
import type { ShownTrial } from '@/lib/trials/queries'
import { sections } from '@/lib/trials/trial'

const uses: readonly string[] = ['check', 'read', 'section', 'add', 'delete']

/** What the token opens, request by request. */
export async function UseStep({ trial, problem }: { trial: ShownTrial | null; problem: string | null }) {
  const t = await getTranslations('try')
  const traces = trial?.steps.flatMap((step) => (step.trace && uses.includes(step.kind) ? [step] : [])) ?? []
  return (
    <Section id="use" title={t('use.title')} lead={t('use.lead')}>
      {problem && t.has(`use.problems.${problem}`) ? (
        <div role="alert">
          <Notice tone="warn">{t(`use.problems.${problem}`)}</Notice>
        </div>
      ) : null}
      {trial?.hasToken && !trial.isOver ? (
        trial.isTwoLegged ? (
          <ReadPublic id={trial.id} />
        ) : (
          <Uses trial={trial} />
        )
      ) : null}
      {traces.map((step) => (
        <TraceView key={step.id} what={t(`use.did.${step.kind}`)} step={step} />
      ))}
    </Section>
  )
}

async function Uses({ trial }: { trial: ShownTrial }) {
  const t = await getTranslations('try')
  const isMember = env().orcid.api === 'member'
  const mayWrite = coversScopes(trial.scopes, ['/activities/update'])
  return (
    <div className="no-print space-y-4">
      <div className="flex flex-wrap items-end gap-3">
        <Call id={trial.id} use="read" label={t('use.read')} />
        <form method="post" action="/staff/try/call" className="flex flex-wrap items-end gap-3">
          <input type="hidden" name="trial" value={trial.id} />
          <input type="hidden" name="use" value="section" />
          <label className="space-y-1">
            <span className="block text-sm">{t('use.sectionLabel')}</span>
            <select name="section" className={field}>
              {sections.map((section) => (
                <option key={section}>{section}</option>
              ))}
            </select>
          </label>
          <button type="submit" className="btn btn-quiet">
            {t('use.section')}
          </button>
        </form>
        {isMember ? <Call id={trial.id} use="add" label={t('use.add')} /> : null}
        {trial.putCode ? <Call id={trial.id} use="delete" label={t('use.delete')} /> : null}
      </div>
      {mayWrite ? null : <p className="note">{t(isMember ? 'use.mayNotWrite' : 'publicOnly')}</p>}
      {trial.putCode ? <p className="note">{t('use.stillThere', { putCode: trial.putCode })}</p> : null}
    </div>
  )
}

function Call({ id, use, label }: { id: string; use: 'read' | 'add' | 'delete'; label: string }) {
  return (
    <form method="post" action="/staff/try/call">
      <input type="hidden" name="trial" value={id} />
      <button type="submit" name="use" value={use} className="btn btn-quiet">
        {label}
      </button>
    </form>
  )
}

async function ReadPublic({ id }: { id: string }) {
  const t = await getTranslations('try')
  return (
    <form method="post" action="/staff/try/call" className="no-print flex flex-wrap items-end gap-3">
      <input type="hidden" name="trial" value={id} />
      <label className="space-y-1">
        <span className="block font-semibold">{t('use.whose')}</span>
        <input name="orcid" placeholder="0000-0002-1825-0097" className={`${field} mono`} />
      </label>
      <button type="submit" name="use" value="read" className="btn btn-primary">
        {t('use.readPublic')}
      </button>
    </form>
  )
}
