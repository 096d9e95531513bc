import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { OrcidId } from '@/app/_components/orcid-id'
import { type Problem, RecordProblem } from '@/app/_components/record/record-problem'
import { RecordView } from '@/app/_components/record/record-view'
import { When } from '@/app/_components/when'
import type { OrcidRecord } from '@/lib/orcid/record'

type Shown =
  | {
      kind: 'read'
      by: 'permission' | 'public' | 'public_without_token' | 'public_credentials'
      record: OrcidRecord
      at: Date
    }
  | { kind: 'failed'; because: Problem; primaryOrcid?: string | null }

/** What came of reading a record: by whose leave, when, and the record; or why there is none. */
export async function ReadingResult({ reading, primaryUri }: { reading: Shown; primaryUri: string | null }) {
  const t = await getTranslations('record')
  if (reading.kind === 'failed') {
    return (
      <RecordProblem because={reading.because}>
        {primaryUri ? <OrcidId uri={primaryUri} authenticated={false} /> : null}
      </RecordProblem>
    )
  }
  return (
    <div className="space-y-8">
      <Notice tone={reading.by === 'permission' ? 'good' : 'info'}>
        <p>
          {t.rich(`by.${reading.by}`, {
            strong: (words) => <strong key="strong">{words}</strong>,
            when: () => <When key="when" at={reading.at} show="time" />,
          })}
        </p>
      </Notice>
      <RecordView record={reading.record} />
    </div>
  )
}
