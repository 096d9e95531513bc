'use client'

import { ErrorOutcome } from '@/app/_components/error-outcome'

/** Inside the layout of the staff pages, which keeps the rail. */
export default function StaffErrorPage({ error, retry }: { error: unknown; retry: () => void }) {
  return <ErrorOutcome error={error} retry={retry} back="staff" />
}
