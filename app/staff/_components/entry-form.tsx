import { getTranslations } from 'next-intl/server'
import { field } from '@/app/staff/_components/fields'
import { affiliationKinds } from '@/lib/affiliations/affiliation'
import type { Preview } from '@/lib/affiliations/drafts'
import { type EntryField, entryFields, type RawEntry } from '@/lib/affiliations/entry'
import { readSavedForm, type SavedFields } from '@/lib/auth/saved-form'

type Props = {
  /** Whose item it is: an iD, or a person without one. */
  who: { orcid: string } | { person: string }
  /** What stands in the fields at first. */
  given: RawEntry['fields']
  /** The item that is being edited: its kind and its identifier stay. */
  affiliationId?: string
  faults: Fault[]
}

export type Fault = { field: EntryField; code: string }

const fields = ['title', 'department', 'start', 'end', 'url', 'external_id'] as const

/** What is wrong with the one row of a form's draft. */
export function faultsOf({ faulty, obstructed }: Preview): Fault[] {
  return [
    ...faulty.flatMap(({ faults }) => faults),
    ...obstructed.map(({ obstacle: code }) => ({
      field: code === 'is_local_id' ? ('external_id' as const) : ('title' as const),
      code,
    })),
  ]
}

/** What was typed before the session ended, as the form shows it. */
export function toGiven(kept: SavedFields | null): RawEntry['fields'] | null {
  return kept && Object.fromEntries(entryFields.map((name) => [name, readSavedForm(kept, name)]))
}

/** The form for one item. What is wrong stands above it and leads to each field, and at each field. */
export async function EntryForm({ who, given, affiliationId, faults }: Props) {
  const t = await getTranslations('affiliation')
  const shown = affiliationId ? fields.filter((name) => name !== 'external_id') : fields
  return (
    <form method="post" action="/staff/affiliations/entry" className="space-y-5">
      <Summary faults={faults} />
      {Object.entries(who).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {affiliationId ? <input type="hidden" name="affiliation" value={affiliationId} /> : <KindMenu given={given} />}
      {shown.map((name) => {
        const fault = faults.find(({ field }) => field === name)
        return (
          <label key={name} className="block space-y-1">
            <span className="block font-semibold">{t(`form.${name}`)}</span>
            <span className="note block" id={`${name}-hint`}>
              {t(`form.hints.${name}`)}
            </span>
            {fault ? (
              <span className="block font-medium text-bad" id={`${name}-fault`}>
                {t(`faults.${fault.code}`)}
              </span>
            ) : null}
            <input
              id={name}
              name={name}
              defaultValue={given[name] ?? ''}
              aria-invalid={fault ? true : undefined}
              aria-describedby={fault ? `${name}-hint ${name}-fault` : `${name}-hint`}
              className={field}
            />
          </label>
        )
      })}
      <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
        <button type="submit" className="btn btn-primary">
          {t('form.goOn')}
        </button>
        <a href={backOf(who, affiliationId)} className="inline-flex min-h-8 items-center">
          {t('form.cancel')}
        </a>
      </div>
    </form>
  )
}

function backOf(who: Props['who'], affiliationId: string | undefined): string {
  if (affiliationId) return `/staff/affiliations/${affiliationId}`
  return 'orcid' in who ? `/staff/researchers/${who.orcid}` : `/staff/people/${who.person}`
}

async function KindMenu({ given }: { given: RawEntry['fields'] }) {
  const t = await getTranslations('affiliation')
  return (
    <label className="block space-y-1">
      <span className="block font-semibold">{t('form.type')}</span>
      <select id="type" name="type" defaultValue={given.type ?? 'employment'} className={field}>
        {affiliationKinds.map((kind) => (
          <option key={kind} value={kind}>
            {t(`kinds.${kind}`)}
          </option>
        ))}
      </select>
    </label>
  )
}

async function Summary({ faults }: { faults: Fault[] }) {
  const t = await getTranslations('affiliation')
  if (faults.length === 0) return null
  return (
    <div id="wrong" role="alert" tabIndex={-1} className="card space-y-2 border-bad!">
      <h2>{t('form.wrong')}</h2>
      <ul className="list-disc space-y-1 ps-5">
        {faults.map(({ field, code }) => (
          <li key={`${field} ${code}`}>
            <a href={`#${field}`}>
              {t(`form.${field}`)}: {t(`faults.${code}`)}
            </a>
          </li>
        ))}
      </ul>
    </div>
  )
}
