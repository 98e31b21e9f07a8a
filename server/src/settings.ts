/** The part of the client's settings that the server heeds; `egressRouter.` stands before each name. */
export interface Settings {
  /** `auto`: whoever reconciles in the cluster that the client is connected to. */
  readonly reconciler: 'auto' | 'cno' | 'agent';
}

export const settingsSection = 'egressRouter';
export const defaultSettings: Settings = { reconciler: 'auto' };

/** Reads what a client answers for the section. What is not there, or is none of the choices, is the default. */
export function readSettings(section: unknown): Settings {
  const reconciler = fieldOf(section, 'reconciler');
  return {
    reconciler: reconciler === 'cno' || reconciler === 'agent' ? reconciler : defaultSettings.reconciler,
  };
}

/** The section within all settings, as clients push them; undefined where it is not among them. */
export function sectionOf(settings: unknown): unknown {
  return fieldOf(settings, settingsSection);
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([name]) => name === key)?.[1]
    : undefined;
}
