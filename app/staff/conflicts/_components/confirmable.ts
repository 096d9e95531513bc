import type { ListedConflict } from '@/lib/people/conflict-queries'

/** A proposal that names a person. Without one, somebody has to say who it is. */
export const isConfirmable = ({ kind, other }: ListedConflict) => kind === 'proposal' && other !== null
