export type TwinPerson = { at: number, name: string, is_likely: boolean };
