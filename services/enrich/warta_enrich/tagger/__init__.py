"""Names by a trained model: a linear-chain CRF over words, scored by table look-up, for Indonesian and English."""
