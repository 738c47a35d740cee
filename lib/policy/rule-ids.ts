/** Every rule, in the order of the index. A test holds the rules to this list. */
export const RULE_IDS = [
  'NonDistrolessBase',
  'Shell',
  'PackageManager',
  'DebugVariant',
  'Unproven',
  'ShellCommand',
  'DoubledEntrypoint',
  'PlatformMismatch',
  'RootUser',
  'EndOfLifeBase',
  'ExpiredException',
  'WritableRoot',
  'UnpinnedBase',
  'ExecuteCommand',
] as const;

export type RuleId = (typeof RULE_IDS)[number];
