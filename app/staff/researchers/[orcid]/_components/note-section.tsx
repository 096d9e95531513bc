import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { EmptyState } from '@/app/_components/empty-state'
import { Notice } from '@/app/_components/notice'
import { When } from '@/app/_components/when'
import { RestoredInputNotice } from '@/app/staff/_components/restored-input-notice'
import type { StaffActor } from '@/lib/actor'
import { noteCharsMax } from '@/lib/researchers/note'
import type { listNotesAbout } from '@/lib/researchers/note-queries'
import { may } from '@/lib/staff/abilities'

type Note = Awaited<ReturnType<typeof listNotesAbout>>['rows'][number]
export const noteResults = ['note-added', 'note-removed', 'note-kept', 'note-refused'] as const
type Props = {
  actor: StaffActor
  orcid: string
  notes: Note[]
  /** What they had typed before they were signed out. */
  kept?: string
  result: (typeof noteResults)[number] | null
  children: ReactNode
}

/** What staff want one another to know about this person, newest first, and the box to add to it. */
export async function NoteSection({ actor, orcid, notes, kept, result, children }: Props) {
  const t = await getTranslations('staff.notes')
  return (
    <section id="notes" aria-labelledby="notes-title" className="space-y-3">
      <h2 id="notes-title">{t('title')}</h2>
      {result ? (
        <Notice tone={result === 'note-added' || result === 'note-removed' ? 'good' : 'warn'}>
          {t(`results.${result}`)}
        </Notice>
      ) : null}
      {may(actor, 'writeNotes') ? <NoteForm orcid={orcid} kept={kept} /> : null}
      {notes.length === 0 ? <EmptyState>{t('none')}</EmptyState> : null}
      <ul className="space-y-3">
        {notes.map((note) => (
          <li key={note.id} className="card card-small space-y-2">
            {note.text === null ? (
              <p className="text-ink-soft">
                {note.removedAt
                  ? t.rich('removed', { when: () => <When key="removed" at={note.removedAt ?? note.addedAt} /> })
                  : null}
              </p>
            ) : (
              <p dir="auto" className="max-w-[44rem] whitespace-pre-line [overflow-wrap:anywhere]">
                {note.text}
              </p>
            )}
            <div className="note">
              <Author note={note} /> · <When at={note.addedAt} />
              {note.text !== null && mayRemove(actor, note) ? <RemoveNote orcid={orcid} id={note.id} /> : null}
            </div>
          </li>
        ))}
      </ul>
      {children}
    </section>
  )
}

const mayRemove = ({ role, staffId }: StaffActor, { authorId }: Note) =>
  role === 'admin' || (role === 'manager' && authorId === staffId)

async function Author({ note: { author } }: { note: Note }) {
  if (!author.orcid) return (await getTranslations('staff.audit'))('erased')
  return author.name ? (
    <bdi translate="no">{author.name}</bdi>
  ) : (
    <span translate="no" className="mono whitespace-nowrap">
      {author.orcid}
    </span>
  )
}

async function NoteForm({ orcid, kept }: Pick<Props, 'orcid' | 'kept'>) {
  const t = await getTranslations('staff.notes')
  return (
    <form method="post" action="/staff/researchers/note" className="no-print max-w-[44rem] space-y-2">
      <input type="hidden" name="orcid" value={orcid} />
      {kept ? <RestoredInputNotice /> : null}
      <label htmlFor="note-text" className="font-medium">
        {t('label')}
      </label>
      <p id="note-hint" className="note">
        {t('hint', { count: noteCharsMax })}
      </p>
      <textarea
        id="note-text"
        name="text"
        required
        maxLength={noteCharsMax}
        rows={3}
        defaultValue={kept}
        dir="auto"
        aria-describedby="note-hint"
        className="block w-full rounded-lg border border-line-strong bg-surface px-3 py-2"
      />
      <button type="submit" className="btn btn-quiet">
        {t('add')}
      </button>
    </form>
  )
}

/** Removing takes two steps: opening this, and the button in it. */
async function RemoveNote({ orcid, id }: { orcid: string; id: string }) {
  const t = await getTranslations('staff.notes')
  return (
    <details className="no-print">
      <summary className="inline-flex min-h-6 items-center text-accent underline">{t('remove')}</summary>
      <form method="post" action="/staff/researchers/note/removal" className="mt-2 space-y-2">
        <input type="hidden" name="orcid" value={orcid} />
        <input type="hidden" name="note" value={id} />
        <p className="text-ink">{t('removeMeans')}</p>
        <button type="submit" className="btn btn-danger">
          {t('removeButton')}
        </button>
      </form>
    </details>
  )
}
