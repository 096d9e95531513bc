import { Download } from 'lucide-react'
import { getTranslations } from 'next-intl/server'
import { DateField, field } from '@/app/staff/_components/fields'
import { DepartmentOptions } from '@/app/staff/researchers/_components/department-options'
import type { BulkAction } from '@/lib/people/batch'
import { personKinds, withParents } from '@/lib/people/person'
import { type Selection, toSelectionParameters } from '@/lib/people/selection'

type Props = {
  action: Exclude<BulkAction, 'bind'>
  selection: Selection
  fault: string | null
  departments: readonly string[]
}

/** What an action needs to know; an export is offered at once. */
export async function BulkOptions({ action, selection, fault, departments }: Props) {
  const t = await getTranslations('staff.people.bulk')
  const chosen = toSelectionParameters(selection).toString()
  if (action === 'export') return <Files chosen={chosen} />
  return (
    <form method="post" action="/staff/people/batches/plan" className="space-y-5">
      <input type="hidden" name="do" value={action} />
      <input type="hidden" name="selection" value={chosen} />
      {action === 'mark_leaving' ? (
        <div className="max-w-[16rem] space-y-1">
          {fault === 'day' ? <Fault words={t('badDay')} /> : null}
          <DateField name="day" label={t('lastDay')} value={null} />
          <p className="note">{t('lastDayHint')}</p>
        </div>
      ) : (
        <>
          <fieldset className="space-y-2">
            <legend className="font-semibold">{t('kinds')}</legend>
            {fault === 'kind' ? <Fault words={t('noKind')} /> : null}
            {personKinds.map((kind) => (
              <label key={kind} className="flex min-h-6 items-center gap-3">
                <input type="checkbox" name="kind" value={kind} className="size-5 shrink-0" />
                {t(`kindMeans.${kind}`)}
              </label>
            ))}
          </fieldset>
          <label className="block max-w-[24rem] space-y-1">
            <span className="block font-semibold">{t('department')}</span>
            <span className="note block" id="department-hint">
              {t('departmentHint')}
            </span>
            <input
              name="department"
              list="departments"
              maxLength={200}
              autoComplete="off"
              aria-describedby="department-hint"
              className={field}
            />
          </label>
          <DepartmentOptions id="departments" names={withParents(departments)} />
        </>
      )}
      <div className="space-y-1">
        <button type="submit" className="btn btn-primary">
          {t('preview')}
        </button>
        <p className="note">{t('nothing')}</p>
      </div>
    </form>
  )
}

function Fault({ words }: { words: string }) {
  return (
    <p role="alert" className="font-medium text-bad">
      {words}
    </p>
  )
}

async function Files({ chosen }: { chosen: string }) {
  const t = await getTranslations('staff.people.bulk')
  return (
    <div className="space-y-3">
      <p>{t('exportMeans')}</p>
      <ul className="flex flex-wrap gap-3">
        {(['csv', 'xlsx'] as const).map((format) => (
          <li key={format}>
            <a href={`/staff/people/export?format=${format}&${chosen}`} className="btn btn-quiet">
              <Download size={20} />
              {t('file', { format: format === 'csv' ? 'CSV' : 'Excel' })}
            </a>
          </li>
        ))}
      </ul>
    </div>
  )
}
