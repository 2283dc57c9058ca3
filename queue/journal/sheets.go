package journal

type sheetFile struct{}

func (s *sheetFile) close() {}
