{{ .Values.s.x }}{{ index .Values.l 9 }}{{ fail "no" }}{{ required "r" nil }}{{ .a..b }}
