import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { Notice } from '@/app/_components/notice'

export type Problem =
  | 'permission_refused'
  | 'paused'
  | 'locked'
  | 'deactivated'
  | 'deprecated'
  | 'not_found'
  | 'busy'
  | 'too_often'
  | 'unavailable'
  | 'unreadable'

/** Why there is no record to show, what that changed, and what to do. */
export function RecordProblem({ because, children }: { because: Problem; children?: ReactNode }) {
  const t = useTranslations('record.problems')
  return (
    <div role="status">
      <Notice tone="warn">
        <div className="space-y-1">
          <p className="font-semibold">{t(`${because}.title`)}</p>
          <p>{t(`${because}.kept`)}</p>
          {children}
          <p>
            <a href="?again">{t('again')}</a>
          </p>
        </div>
      </Notice>
    </div>
  )
}
