// What `server-only` is under Vitest: the real one throws wherever React's server condition is not set.
export {}
