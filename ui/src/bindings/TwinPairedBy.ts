export type TwinPairedBy = "number" | "name";
