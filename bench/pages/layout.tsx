import type { ReactNode } from 'react'
import { Page } from '@/app/_components/page'
import { StaffNav } from '@/app/staff/_components/staff-nav'
import type { StaffRights } from '@/lib/actor'

const rights: StaffRights = { role: 'admin', departments: null, mayExport: true }

/** What stands around the staff pages, without asking who looks. */
export default function BenchLayout({ children }: { children: ReactNode }) {
  return (
    <Page width="wide">
      <div className="grid items-start gap-x-10 gap-y-6 lg:grid-cols-[11rem_minmax(0,1fr)]">
        <StaffNav rights={rights} />
        <div className="min-w-0 space-y-6">{children}</div>
      </div>
    </Page>
  )
}
