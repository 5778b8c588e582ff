export type TwinChoice = "left" | "right" | "both" | "neither";
